"""One plan from its opening to where it stands: what is written, met about, promised, signed and judged."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from virtual_school.access.models import Role
from virtual_school.plans.conditions import Answered, Circumstances
from virtual_school.plans.models import Plan
from virtual_school.plans.template import Section, Template, is_empty, met_contents
from virtual_school.plans.workflow import State

from . import plan_words as words
from .plan_answers import Voice, shown, written
from .plan_rows import PlanRows, noon
from .plan_state import AFTER_SIGNING, WHOLE, Days

S = State
DAY = timedelta(days=1)
CHILD_SAID = ("hopes.", "next_step.", "voice.changes")
WRITES: dict[str, tuple[str, ...]] = {
    "social_worker": (Role.SOCIAL_WORKER,),
    "designated_teacher": (Role.DESIGNATED_TEACHER, Role.ADVISER),
    "carer": (Role.CARER, Role.SOCIAL_WORKER),
    "young_person": (Role.DESIGNATED_TEACHER, Role.PERSONAL_ADVISER, Role.SOCIAL_WORKER),
    "virtual_school": (Role.ADVISER,),
    "parent": (Role.SOCIAL_WORKER,),
    "personal_adviser": (Role.PERSONAL_ADVISER, Role.SOCIAL_WORKER),
}
INVITED = {
    Role.DESIGNATED_TEACHER: "Designated teacher", Role.SOCIAL_WORKER: "Social worker", Role.CARER: "Foster carer",
    Role.ADVISER: "Education adviser", Role.REVIEWING_OFFICER: "Independent reviewing officer",
    Role.PERSONAL_ADVISER: "Personal adviser",
}  # fmt: skip
COMES = {Role.DESIGNATED_TEACHER: 0.97, Role.SOCIAL_WORKER: 0.88, Role.CARER: 0.9, Role.ADVISER: 0.6,
         Role.REVIEWING_OFFICER: 0.3, Role.PERSONAL_ADVISER: 0.7}  # fmt: skip
COPIES = {
    Role.SOCIAL_WORKER: "full",
    Role.DESIGNATED_TEACHER: "full",
    Role.REVIEWING_OFFICER: "full",
    Role.CARER: "full",
}


MENDED = 0.16
"""So many of the plans were sent back once before they were sent in as they are now."""


def line(step: str, on: date, why: str = "") -> dict[str, str]:
    return {"step": step, "on": on.isoformat(), "by": "", "why": why}


def way_in(plan: Plan, signed: date, rng: Random) -> list[dict[str, str]]:
    """How a plan was sent in, perhaps twice. Chance of its own, so that the rest of the story stays what it is."""
    first = signed - rng.randrange(6, 11) * DAY
    if rng.random() > MENDED or (plan.meeting_on is not None and first < plan.meeting_on):
        return [line("submit", signed)]
    back = first + rng.randrange(1, 5) * DAY
    return [line("submit", first), line("return", back, "Some targets need a number"), line("submit", signed)]


@dataclass
class Child:
    """What stays from term to term."""

    voice: Voice
    people: dict[str, tuple[int, str]]
    """By role: id and name."""

    said: dict[str, Any] = field(default_factory=dict)
    targets: list[tuple[int, str]] = field(default_factory=list)
    """Those not yet judged: id and outcome."""

    def who(self, owner: str) -> tuple[int, str] | None:
        return next((self.people[role] for role in WRITES.get(owner, ()) if role in self.people), None)


@dataclass
class PlanLife:
    rng: Random
    rows: PlanRows
    plan: Plan
    child: Child
    template: Template
    circumstances: Circumstances
    signers: tuple[str, ...]
    held: dict[str, tuple[int, Any, bool]]
    """Answers there at the opening: id, value, and whether it stands without being confirmed."""

    today: date
    targets: int = 0
    specific: int = 0
    wrote: set[str] = field(default_factory=set)
    came: set[str] = field(default_factory=set)
    answers: dict[str, Answered] = field(default_factory=dict)
    parts: dict[str, list[Any]] = field(default_factory=dict)

    def live(self, state: State, days: Days) -> None:
        plan = self.plan
        plan.state, plan.meeting_on = str(state), days.met
        begun = days.begun or (plan.opened_on if state != S.OPEN else None)
        if begun is not None:
            plan.opened_on = min(begun, plan.opened_on or begun)
            plan.clocks["begun_on"] = begun.isoformat()
        self.answers = {key: Answered(value) for key, (_, value, _) in self.held.items()}
        self._write(state, begun or plan.opened_on or self.today)
        if days.met is not None:
            self._meet(state, days.met)
        if state in WHOLE or (state == S.MEETING_HELD and self.rng.random() < 0.7):
            self._judge(days.met or self.today)
            self._set_targets(days.met or self.today)
            self._promise(days.met or self.today)
        if state in AFTER_SIGNING and days.signed is not None:
            self._send(state, days)
        for key, part in self.parts.items():
            self.rows.add("plans_plansection", plan, key, *part)

    def _write(self, state: State, begun: date) -> None:
        for section in shown(self.template, self.circumstances, self.answers):
            how = self._how_much(state, section)
            if how == "nothing":
                continue
            on = min(self.today, (self.plan.meeting_on or begun + 14 * DAY) - self.rng.randrange(1, 12) * DAY)
            if section.stage != "before_meeting":
                on = min(self.today, (self.plan.meeting_on or begun) + self.rng.randrange(0, 5) * DAY)
            on = max(on, begun)
            values = written(
                self.child.voice, section, self.circumstances, self.answers, self.child.said, on, is_half=how == "half"
            )
            by = self.child.who(section.owner)
            for key, value in values.items():
                self.rows.add(
                    "plans_answer", self.plan, section.key, key, value, "typed", "", True, "", 1,
                    by[0] if by else None, by[1] if by else "", noon(on),
                )  # fmt: skip
            if values and by:
                self.wrote.add(section.owner)
            if values:
                self.child.said.update(values)
            if how == "whole":
                mine = {asked.key for asked in section.fields}
                self.rows.confirmed.extend(
                    pk for key, (pk, _, stands) in self.held.items() if key in mine and not stands
                )
            done = how == "whole"
            self.parts[section.key] = [
                section.owner, "complete" if done else "in_progress", 1, noon(on) if done else None,
                by[1] if done and by else "", False, "",
            ]  # fmt: skip

    def _how_much(self, state: State, section: Section) -> str:
        chance = self.rng.random()
        if state in WHOLE:
            return "whole"
        if state == S.OPEN:
            return "nothing"
        if section.stage != "before_meeting":
            return "half" if state == S.MEETING_HELD and chance < 0.6 else "nothing"
        if state in (S.READY_FOR_MEETING, S.MEETING_HELD):
            return "whole"
        likely = 0.75 if section.owner == "social_worker" else 0.35
        return "whole" if chance < likely else "half" if chance < likely + 0.15 else "nothing"

    def _meet(self, state: State, on: date) -> None:
        rng, rows, plan, people = self.rng, self.rows, self.plan, self.child.people
        is_held = on <= self.today
        meeting = rows.new_id("plans_meeting")
        there = rng.random() < 0.78 if is_held else None
        lead = people.get(Role.DESIGNATED_TEACHER) or people.get(Role.ADVISER) or (None, "")
        taker = people.get(Role.ADVISER) or lead
        summary = self.answers.get("meeting.summary")
        rows.add(
            "plans_meeting", plan, meeting, on, rng.choice(("09:15", "10:00", "13:30", "15:15")), rng.choice((45, 60, 60)),
            "At school" if plan.school_id else "At the council", rng.choice(("in_person", "in_person", "both", "online")),
            lead[1], taker[1], "held" if is_held else "planned", "", 0, there,
            "Chose not to come" if there is False else "",
            str(summary.value) if is_held and summary and summary.value else "", int(is_held), "",
            on + timedelta(days=rng.randrange(84, 105)) if is_held else None,
        )  # fmt: skip
        for role, label in INVITED.items():
            if role not in people:
                continue
            came = ""
            if is_held:
                came = "present" if rng.random() < COMES[role] else rng.choice(("apologies", "apologies", "absent"))
            if came == "present":
                self.came.add(str(role))
            pk, name = people[role]
            sent = "Sent a page of notes beforehand" if came == "apologies" and rng.random() < 0.4 else ""
            rows.add("plans_attendee", plan, meeting, pk, name, label, "", "", True, came, sent)
        if there:
            self.came.add("young_person")
        if is_held and state != S.MEETING_HELD:
            for what in rng.sample(words.DECISIONS, rng.choice((0, 1, 1, 2))):
                rows.add("plans_decision", plan, meeting, self.child.voice.said(what), "targets", "", noon(on), None)

    def _judge(self, on: date) -> None:
        teacher = self.child.who("designated_teacher")
        for pk, _ in self.child.targets:
            if self.rng.random() < 0.08:
                continue
            judged = self.rng.choices(("met", "partly_met", "not_met", "open"), (42, 32, 16, 10))[0]
            impact = {"met": "significant", "partly_met": "moderate", "not_met": "minimal"}.get(judged, "")
            self.rows.add(
                "plans_targetreview", self.plan, pk, judged, self.child.voice.one_of(words.OUTCOMES[judged]), impact,
                teacher[1] if teacher else "", on,
            )  # fmt: skip
            self.rows.judged.append((pk, judged))
        self.child.targets = []

    def _set_targets(self, on: date) -> None:
        rng, voice = self.rng, self.child.voice
        chosen = rng.sample(words.TARGETS[voice.group], rng.choice((2, 2, 3)))
        for number, (category, outcome, how, baseline, measure, success) in enumerate(chosen, 1):
            pk = self.rows.new_id("plans_target")
            outcome = voice.said(outcome)
            due = on + timedelta(days=rng.randrange(60, 85)) if measure or rng.random() < 0.4 else None
            self.rows.add(
                "plans_target", self.plan, pk, uuid.UUID(int=rng.getrandbits(128), version=4), number, category, outcome,
                "", voice.said(how), voice.adult if measure else "", due, voice.said(baseline), voice.said(measure),
                voice.said(success), "", voice.one_of(voice.texts("needs.now")) if rng.random() < 0.4 else "",
                rng.choice(words.CHILDS_WORDS), "open",
            )  # fmt: skip
            self.targets += 1
            self.specific += bool(measure and due)
            self.child.targets.append((pk, outcome))
            if measure and number == 1 and rng.random() < 0.5:
                sessions, rate = rng.choice((8, 10, 12)), rng.choice((3500, 4000, 4200))
                self.rows.add(
                    "plans_costline", self.plan, pk, "pupil_premium_plus", "tuition", f"Tuition, {sessions} sessions", sessions,
                    rate, sessions * rate, "Fellgate Tuition", on, due, f"So that {outcome[:1].lower()}{outcome[1:]}"
                    if not outcome.startswith(voice.name) else f"So that {outcome}", "",
                )  # fmt: skip
        self.answers["targets.targets"] = Answered([{"outcome": outcome} for _, outcome in self.child.targets])

    def _promise(self, on: date) -> None:
        rng, people = self.rng, list(self.child.people.values())
        for what in rng.sample(words.ACTIONS, rng.choice((1, 2, 2, 3))):
            pk, name = rng.choice(people)
            due = on + timedelta(days=rng.randrange(7, 40))
            done = due - rng.randrange(0, 6) * DAY if due < self.today and rng.random() < 0.85 else None
            self.rows.add(
                "plans_action", self.plan, uuid.UUID(int=rng.getrandbits(128), version=4), self.child.voice.said(what),
                "actions", pk, name, due, "done" if done else "open", done, "", None, noon(on),
            )  # fmt: skip
        self.answers["actions.actions"] = Answered([{"what": "promised"}])

    def signed_by(self, state: State) -> Iterable[tuple[str, int, str, str]]:
        """Role, person and what they say. Of a plan waiting to be signed, some have signed."""
        for role in self.signers:
            person = self.child.people.get(Role.ADVISER if role == "virtual_school" else role)
            if person and (state != S.AWAITING_SIGNOFF or self.rng.random() < 0.4):
                yield role, *person, ""
        carer = self.child.people.get(Role.CARER)
        if carer and "carer" not in self.signers and state in AFTER_SIGNING and self.rng.random() < 0.6:
            yield "carer", *carer, "agreed"

    def _send(self, state: State, days: Days) -> None:
        plan, rng, signed = self.plan, self.rng, days.signed
        assert signed is not None
        adviser = self.child.people.get(Role.ADVISER)
        plan.submitted_on = signed
        plan.clocks["summary"] = self._summary()
        if state != S.SUBMITTED and adviser:
            plan.reviewer_id = adviser[0]
        way = way_in(plan, signed, Random(str(rng.getstate()[1])))
        plan.clocks["way"] = way
        if state == S.RETURNED:
            back = min(self.today, signed + rng.randrange(1, 8) * DAY)
            self._send_back(back)
            way.append(line("return", back, plan.returned_why))
        if state not in (S.APPROVED, S.PUBLISHED):
            return
        plan.clocks["signed_off_on"] = signed.isoformat()
        plan.rating = days.rating
        plan.approved_on = min(self.today, signed + rng.randrange(1, 9) * DAY)
        plan.approved_by_name = adviser[1] if adviser else ""
        way.append(line("approve", plan.approved_on))
        if state == S.PUBLISHED:
            plan.published_on = plan.approved_on
            way.append(line("publish", plan.published_on))
            for role, form in COPIES.items():
                if role in self.child.people:
                    name = self.child.people[role][1]
                    self.rows.add(
                        "plans_copysent", plan, 1, form, name, str(role), "here", plan.approved_by_name,
                        noon(plan.published_on),
                    )  # fmt: skip

    def _send_back(self, on: date) -> None:
        voice, plan = self.child.voice, self.plan
        why, named = self.rng.choice(words.RETURNED)
        plan.returned_why, plan.returned_due_on = voice.said(why), on + timedelta(days=7)
        for key in [key for key in named if key in self.parts] or ["targets"]:
            section = self.template.section(key)
            if section is not None:
                told = voice.said(named.get(key, "Please look at this again."))
                self.parts[key] = [section.owner, "in_progress", 2, None, "", True, told]

    def _summary(self) -> dict[str, Any]:
        """As `plans.summary` has it, of what was made here."""
        met = met_contents(self.template, self.answers, self.circumstances)
        filled = [key for key, answer in self.answers.items() if not is_empty(answer.value)]

        def has(*starts: str) -> bool:
            return any(key.startswith(starts) for key in filled)

        return {
            "missing": [number for number, found in met.items() if found.state == "missing"],
            "reasoned": [number for number, found in met.items() if found.state == "reasoned"],
            "wrote": sorted(self.wrote), "came": sorted(self.came),
            "child": "said" if has(*CHILD_SAID) else "reason" if has("voice.reason_none") else "",
            "targets": self.targets, "specific": self.specific, "to_judge": 0, "head": has("people.head"),
            "english": has("unaccompanied.english", "unaccompanied.english_help"),
            "schooling": has("unaccompanied.schooling", "history.places"), "release": has("custody.release"),
            "pathway": has("next_step.pathway"),
        }  # fmt: skip
