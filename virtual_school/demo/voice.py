"""What the invented children said this term and the last: shared, begun and kept back, refused, asked and answered.

Drafts are written as rows nobody reads back, as the service itself may: writing is not reading.
"""

import uuid
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from virtual_school.access.models import Membership, Role
from virtual_school.authorities.models import Authority
from virtual_school.children.bulk import insert
from virtual_school.children.models import Child, Involvement
from virtual_school.dates.ages import age_on, year_group
from virtual_school.plans.models import Plan
from virtual_school.schools.models import Enrolment
from virtual_school.voice.models import (
    AlertReader,
    AlertStep,
    Entry,
    Invitation,
    ObservationSheet,
    SafeguardingReader,
    SchoolClubs,
    VoiceAlert,
)
from virtual_school.voice.people import SCOPE_OF
from virtual_school.voice.raw import words_of
from virtual_school.voice.sets import Question, library, set_for, sitting

from . import voice_words as words
from .write import new_ids

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
STATES = {"shared": 46, "started": 14, "no_views": 8, "not_started": 32}
BEFORE = {"shared": 72, "no_views": 12, "not_started": 16}
MODES = {"alone": 45, "helped": 40, "scribed": 12, "aac": 3}
PROMISE_STATES = {"done": 44, "under_way": 20, "made": 18, "late": 6, "changed": 5, "broken": 7}
OUTCOMES = {"agreed": 70, "not_now": 18, "no": 8, "others": 4}
ANSWER = (
    "id", "authority_id", "child_id", "entry_id", "public_id", "number", "version", "is_latest", "set_key",
    "set_version", "question_key", "question_version", "text_shown", "language_shown", "scale", "order_shown", "raw",
    "words", "language", "author", "via", "skip", "seen_by", "answered_at", "shared_at",
)  # fmt: skip
ASK = ("id", "authority_id", "child_id", "entry_id", "public_id", "answer_id", "cycle", "state", "heard_at", "at")
OUTCOME = (
    "authority_id", "child_id", "entry_id", "ask_id", "kind", "words", "look_again_on", "who", "tell_by", "told_at",
    "told_by_name", "told_how", "by_name", "at",
)  # fmt: skip
PROMISE = (
    "id", "authority_id", "child_id", "entry_id", "public_id", "ask_id", "what", "person_id", "person_name",
    "person_role", "due_on", "how_known", "state", "state_on", "words_to_child", "closed_by", "closed_on", "at",
)  # fmt: skip
STEP = ("authority_id", "child_id", "entry_id", "promise_id", "state", "words", "by_name", "at")
JUDGED = ("authority_id", "child_id", "entry_id", "ask_id", "promise_id", "wanted", "more", "at")
READING = (
    "authority_id", "child_id", "entry_id", "answer_id", "kind", "words", "language", "how_sure", "told_child",
    "by_id", "by_name", "by_role", "at",
)  # fmt: skip


def _at(day: date, hour: int = 14) -> datetime:
    return datetime.combine(day, time(hour), LONDON)


class Voices:
    def __init__(self, authority: Authority, seed: str, today: date) -> None:
        self.authority, self.today = authority, today
        self.rng = Random(f"{seed}:{authority.code}:voice")
        self.rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.people: dict[int, dict[str, tuple[int, str]]] = defaultdict(dict)
        rows = Involvement.objects.filter(authority=authority, ends__isnull=True).order_by("starts", "id")
        for child, role, pk, name in rows.values_list("child_id", "role", "person_id", "person__name"):
            self.people[child][role] = (pk, name)

    def write(self) -> None:
        self._readers()
        plans = Plan.objects.filter(authority=self.authority, kind__in=["first", "review"]).order_by("term", "id")
        terms = sorted({plan.term for plan in plans})[-2:]
        done: set[tuple[int, str]] = set()
        for plan in plans.select_related("child"):
            if plan.term in terms and plan.child.born and (plan.child_id, plan.term) not in done:
                done.add((plan.child_id, plan.term))
                self._entry(plan, plan.child, is_now=plan.term == terms[-1])
        for table, columns in (
            ("voiceanswer", ANSWER), ("ask", ASK), ("outcome", OUTCOME), ("promise", PROMISE), ("promisestep", STEP),
            ("judged", JUDGED), ("adultreading", READING),
        ):  # fmt: skip
            insert(f"voice_{table}", columns, self.rows[table])
        self._alerts()
        self._clubs()

    def _clubs(self) -> None:
        """At every school a child is at; schools are shared by authorities."""
        rng = Random(f"{self.authority.code}:clubs")
        now = Enrolment.objects.filter(authority=self.authority, ends__isnull=True, school__isnull=False)
        held = set(SchoolClubs.objects.values_list("school_id", flat=True))
        urns = sorted(set(now.values_list("school_id", flat=True)) - held)
        SchoolClubs.objects.bulk_create(
            SchoolClubs(school_id=urn, names=sorted(rng.sample(words.CLUBS, 5)), by_name="The school office")
            for urn in urns
        )

    def _pick(self, shares: dict[str, int]) -> str:
        return self.rng.choices(list(shares), list(shares.values()))[0]

    def _readers(self) -> None:
        rows = Membership.objects.filter(authority=self.authority, ends__isnull=True).select_related("user")
        advisers = list(rows.filter(role=Role.ADVISER).order_by("id"))
        named = [*advisers[:2], rows.filter(role=Role.VIRTUAL_SCHOOL_HEAD).first()]
        for rank, held in enumerate((one for one in named if one), 1):
            SafeguardingReader.objects.create(
                authority=self.authority, rank=rank, person=held.user, known_as=held.user.name.split()[0],
                starts=self.today - 365 * DAY,
            )  # fmt: skip

    def _entry(self, plan: Plan, child: Child, *, is_now: bool) -> None:
        age = age_on(child.born, self.today) if child.born else 10
        state = self._pick(STATES if is_now else BEFORE)
        meeting = plan.meeting_on
        if meeting:
            Invitation.objects.get_or_create(
                authority_id=child.authority_id, child=child, cycle=plan.term, speaker="child", speaker_name="",
                defaults={"meeting_on": meeting, "ask_from": meeting - 21 * DAY, "ask_again_on": meeting - 7 * DAY,
                          "told_on": meeting - 21 * DAY, "when_suits": "Not in art"},
            )  # fmt: skip
        if state == "not_started" and not is_now:
            return
        on = min(self.today - DAY, (meeting or plan.due_on or self.today) - self.rng.randrange(2, 11) * DAY)
        key = set_for(age, {"after_year_11"} if year_group(child.born, self.today) >= 12 else frozenset())  # type: ignore[arg-type]
        mode = "helped" if age < 4 else self._pick(MODES) if age > 5 else "scribed"
        around = self.people[child.pk]
        helper = around.get(Role.DESIGNATED_TEACHER) if mode != "alone" else None
        entry = Entry(
            authority=self.authority, child=child, cycle=plan.term, state=state, mode=mode, language="en",
            helper_id=helper[0] if helper else None, helper_name=helper[1] if helper else "",
            helper_role="Designated teacher" if helper else "", place="School, the quiet room", set_offered=key,
            set_used=key, set_version=library().sets[key].version, shown=self._shown(child, helper),
        )  # fmt: skip
        if state == "no_views":
            entry.no_views_why = self.rng.choice(["refused", "absent", "not_able"])
            entry.no_views_words = {"refused": "Said “not today”. We ask again before the meeting.",
                                    "absent": "Away that week.",
                                    "not_able": "We try objects and photographs next."}[entry.no_views_why]  # fmt: skip
            entry.no_views_by_name = around.get(Role.DESIGNATED_TEACHER, (0, "Virtual School"))[1]
            entry.no_views_on = on
        elif state in {"started", "shared"}:
            entry.started_at = entry.told_first_at = _at(on, 13)
            entry.answered_at = _at(on)
            if state == "shared":
                entry.shared_at = entry.first_shared_at = _at(on)
                if on < self.today - 3 * DAY:
                    entry.read_at, entry.read_result = _at(on + 2 * DAY, 10), "nothing"
                    entry.read_by_name = "Priya Nair"
        entry.save()
        if age < 4 and is_now:
            self._watched(entry, on)
        if state in {"started", "shared"}:
            self._say(entry, plan, age, on, state == "shared", is_now)

    def _watched(self, entry: Entry, on: date) -> None:
        """Of a child too young to be asked: what two adults saw on two days."""
        for role, label, seen, days in zip(
            (Role.DESIGNATED_TEACHER, Role.SOCIAL_WORKER), ("Designated teacher", "Social worker"), words.SEEN, (0, 3),
            strict=True,
        ):  # fmt: skip
            if who := self.people[entry.child_id].get(role):
                ObservationSheet.objects.create(
                    authority_id=entry.authority_id, child_id=entry.child_id, cycle=entry.cycle, on=on - days * DAY,
                    filled=seen, by_id=who[0], by_name=who[1], by_role=label,
                )  # fmt: skip

    def _shown(self, child: Child, helper: tuple[int, str] | None) -> dict[str, Any]:
        people = [
            {"scope": scope, "name": name, "person": pk}
            for role, scope in SCOPE_OF.items()
            if (held := self.people[child.pk].get(role)) and (pk := held[0]) and (name := held[1])
        ]
        first = [{"scope": "helper", "name": helper[1], "person": helper[0]}] if helper else []
        return {"first_name": child.first_name, "people": [*first, *people]}

    def _say(self, entry: Entry, plan: Plan, age: int, on: date, is_shared: bool, is_now: bool) -> None:
        asked = sitting(library().sets[entry.set_used].questions).first
        chosen = [one for one in asked if one.is_ask or self.rng.random() < 0.62] if is_shared else asked[:3]
        ask = self.rng.choice(words.ASKS)
        for number, question in enumerate(asked, 1):
            if question not in chosen:
                continue
            raw = {"text": ask[0]} if question.is_ask else self._raw(question, age)
            if raw is None:
                continue
            pk = new_ids("voice_voiceanswer", 1)[0]
            seen_by = self._seen_by(entry, question) if is_shared else []
            self.rows["voiceanswer"].append(
                (pk, entry.authority_id, entry.child_id, entry.pk, self._uuid(), number, 1, True, entry.set_used,
                 entry.set_version, question.key, question.version, question.text, "en", question.scale, [], raw,
                 words_of(question, raw, "en"), "en", "scribe" if entry.mode == "scribed" else "child", "", "",
                 "{" + ",".join(seen_by) + "}", _at(on), _at(on) if seen_by else None)
            )  # fmt: skip
            if question.is_ask and seen_by:
                self._asked(entry, plan, pk, ask, on, is_now)
            elif seen_by and self.rng.random() < 0.04:
                self._reading(entry, pk, on)

    def _uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def _seen_by(self, entry: Entry, question: Question) -> list[str]:
        if question.is_ask or self.rng.random() < 0.6:
            return ["everyone_in_meeting"]
        there = [one["scope"] for one in entry.shown["people"]]
        return self.rng.choice([[], ["designated_teacher"], ["social_worker"], [*there[:2]]])

    def _raw(self, question: Question, age: int) -> dict[str, Any] | None:
        held, rng = library(), self.rng
        if question.kind in {"faces", "steps"}:
            calm = [one for one in held.scales[question.scale].points if one.key not in question.trigger]
            return {"scale": question.scale, "point": rng.choice(calm).key}
        cards = [card.key for card in held.cards_of(question)]
        if question.kind in {"pick", "list"} and cards:
            return {"cards": rng.sample(cards, min(len(cards), rng.choice([1, 1, 2]))), "other": ""}
        if question.kind == "sort" and cards:
            points = [one.key for one in held.scales[question.scale].points if one.key not in question.trigger]
            return {"scale": question.scale, "order": points,
                    "places": {card: rng.choice(points) for card in rng.sample(cards, min(4, len(cards)))}}  # fmt: skip
        if question.kind not in {"type", "say", "draw"}:
            return None
        band = "young" if age < 8 else "middle" if age < 12 else "older"
        name = question.key.rpartition(".")[2]
        bank = {"good": words.GOOD[band], "best": words.GOOD[band], "hard": words.HARD[band], "next": words.NEXT,
                "older": words.OLDER}.get(name, words.ANY)  # fmt: skip
        return {"text": rng.choice(bank)}

    def _reading(self, entry: Entry, answer: int, on: date) -> None:
        teacher = self.people[entry.child_id].get(Role.DESIGNATED_TEACHER)
        if teacher:
            self.rows["adultreading"].append(
                (entry.authority_id, entry.child_id, entry.pk, answer, "reading", self.rng.choice(words.READINGS), "en",
                 "guess", "", teacher[0], teacher[1], "Designated teacher", _at(min(on + DAY, self.today)))
            )  # fmt: skip

    def _asked(
        self, entry: Entry, plan: Plan, answer: int, ask: tuple[str, str, str, str], on: date, is_now: bool
    ) -> None:
        met = plan.meeting_on
        is_answered = met is not None and met < self.today
        pk = new_ids("voice_ask", 1)[0]
        self.rows["ask"].append(
            (pk, entry.authority_id, entry.child_id, entry.pk, self._uuid(), answer, entry.cycle,
             "answered" if is_answered else "open", _at(met) if is_answered and met else None, _at(on))
        )  # fmt: skip
        if is_answered and met:
            self._answered(entry, pk, ask, met)

    def _answered(self, entry: Entry, ask_pk: int, ask: tuple[str, str, str, str], met: date) -> None:
        around = self.people[entry.child_id]
        role, label = self.rng.choice(
            [(Role.DESIGNATED_TEACHER, "Designated teacher"), (Role.SOCIAL_WORKER, "Social worker")]
        )
        who = around.get(role) or around.get(Role.SOCIAL_WORKER)
        kind = self._pick(OUTCOMES) if who else "no"
        of = (entry.authority_id, entry.child_id, entry.pk)
        told = min(met + self.rng.randrange(1, 7) * DAY, self.today)
        said = {"agreed": ask[1] + ".", "not_now": self.rng.choice(words.NOT_NOW), "no": self.rng.choice(words.NO),
                "others": "The social worker’s manager decides this."}[kind]  # fmt: skip
        name = who[1] if who else "Virtual School"
        self.rows["outcome"].append(
            (*of, ask_pk, kind, said, met + 60 * DAY if kind == "not_now" else None,
             "Social worker’s manager" if kind == "others" else "", met + 7 * DAY, _at(told), name,
             "We talked at school", name, _at(met))
        )  # fmt: skip
        if kind == "agreed" and who:
            self._promised(of, ask_pk, ask, met, who, label)

    def _promised(
        self,
        of: tuple[int, int, int],
        ask_pk: int,
        ask: tuple[str, str, str, str],
        met: date,
        who: tuple[int, str],
        label: str,
    ) -> None:
        state = self._pick(PROMISE_STATES)
        due = met + self.rng.randrange(10, 45) * DAY
        if state == "late":
            state, due = "under_way", self.today - self.rng.randrange(2, 15) * DAY
            due = max(due, met + DAY)
        if state in {"done", "broken"}:
            due = min(due, self.today - DAY)
            due = max(due, met)
        if state == "made":
            due = max(due, self.today + 5 * DAY)
        wanted = self._pick({"yes": 60, "a_bit": 25, "no": 15}) if state == "done" and self.rng.random() < 0.7 else ""
        told = {"done": ask[2], "broken": ask[3], "changed": f"{ask[1]}: this takes longer than we said."}.get(
            state, ""
        )
        closed = bool(wanted) and wanted != "no"
        pk = new_ids("voice_promise", 1)[0]
        self.rows["promise"].append(
            (pk, *of, self._uuid(), ask_pk, ask[1], who[0], who[1], label, due, "", state, min(due, self.today), told,
             "child" if closed else "", min(due + DAY, self.today) if closed else None, _at(met))
        )  # fmt: skip
        self.rows["promisestep"].append((*of, pk, "made", "", who[1], _at(met)))
        if state != "made":
            self.rows["promisestep"].append((*of, pk, state, told, who[1], _at(min(due, self.today - DAY))))
        if wanted:
            self.rows["judged"].append((*of, ask_pk, pk, wanted, "", _at(min(due + DAY, self.today))))

    def _alerts(self) -> None:
        """One that was acted on and closed, and one that nobody has opened yet."""
        readers = list(SafeguardingReader.objects.filter(authority=self.authority).select_related("person")[:2])
        entries = list(
            Entry.objects.filter(authority=self.authority, state="shared").select_related("child").order_by("-id")[:2]
        )
        if len(readers) < 2 or len(entries) < 2:
            return
        for entry, is_closed in zip(entries, (True, False), strict=True):
            of: dict[str, Any] = {"authority": self.authority, "child_id": entry.child_id, "entry": entry}
            alert = VoiceAlert.objects.create(
                source="answer" if is_closed else "button", is_urgent=True,
                question_shown="Do you feel safe or not safe at school?" if is_closed else "",
                words="not safe" if is_closed else "", who_was_there=entry.helper_name, **of,
            )  # fmt: skip
            name = entry.child.name
            AlertStep.objects.create(alert=alert, kind="about", words=entry.shown["first_name"], **of)
            AlertStep.objects.create(alert=alert, kind="about", words=name, **of)
            first = readers[0]
            AlertReader.objects.create(alert=alert, person=first.person, known_as=first.known_as, rank=1, **of)
            AlertStep.objects.create(alert=alert, kind="screen", words="Thank you for telling us.", **of)
            if not is_closed:
                continue
            second = readers[1]
            AlertReader.objects.create(alert=alert, person=second.person, known_as=second.known_as, rank=2, **of)
            done = (("opened", ""), ("school", "Told the school’s lead, who spoke with him."),
                    ("told_child", "Your teacher keeps the changing room open with you."))  # fmt: skip
            for kind, said in done:
                AlertStep.objects.create(
                    alert=alert, kind=kind, words=said, person=first.person, by_name=first.person.name, **of
                )
            AlertStep.objects.create(
                alert=alert, kind="closed", words="Read what was done and spoke with the school.", person=second.person,
                by_name=second.person.name, **of,
            )  # fmt: skip
