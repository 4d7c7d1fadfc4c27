"""How an invented authority has rated its plans: two terms and the present one, second marks, and an afternoon of
moderation. One school's plans get better from term to term."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from virtual_school.access.models import Membership, Role
from virtual_school.authorities.models import Authority
from virtual_school.children.bulk import insert, update
from virtual_school.dates.terms import in_time
from virtual_school.plans.models import Plan
from virtual_school.plans.workflow import State
from virtual_school.quality.middles import refresh_middles
from virtual_school.quality.models import (
    Appeal,
    ModeratedPlan,
    Moderation,
    OpinionAsked,
    Phrase,
    Rating,
    Sample,
    SecondMark,
    Side,
)
from virtual_school.quality.phrases import take_shipped
from virtual_school.quality.rollup import roll_up
from virtual_school.quality.rubric import Criterion, Rubric
from virtual_school.quality.sampling import Drawable, draw, shared_out
from virtual_school.quality.second_marks import writers
from virtual_school.quality.versions import kept_in_force, rubric_of

from .plan_rows import noon
from .write import new_ids

DAY = timedelta(days=1)
RATED = (State.APPROVED, State.PUBLISHED, State.SUPERSEDED)
STRENGTH = {"Outstanding": 2.8, "Good": 2.15, "Requires improvement": 1.45, "Inadequate": 0.7}
"""About where the marks of a plan lie, 0 to 3, by the rating it ended with."""

HARDER = {"voice": -0.35, "strategies": -0.3, "transition": -0.25, "targets": -0.15, "timely": 0.25, "meeting": 0.3}
BETTER_SCHOOL = (-0.8, 0.1, 0.8)
"""What is added at the school that improves, from the first term to the present."""

HEADS_SHARE = 0.06
SAMPLED = 12
PRAISE = (
    "It sounds like the child: what they are good at comes first.",
    "The meeting was honest about what did not work last term.",
    "The carer’s notes on reading at home made a difference to the targets.",
    "It is clear who does what before the half term.",
)
INTERNAL = (
    "Worth showing at the designated teachers’ meeting, without the name.",
    "Second term with the same weak targets: offer a visit.",
)


class Rater(NamedTuple):
    pk: int
    name: str
    lean: float
    """How much stricter (below 0) or milder than the others."""


class Quality:
    def __init__(self, authority: Authority, seed: str, today: date) -> None:
        self.authority, self.code, self.today = authority, authority.code, today
        self.rng = Random(f"{seed}:{authority.code}:quality")
        self.version = kept_in_force(self.code)
        self.rubric: Rubric = rubric_of(self.version)
        self.rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.ratings: dict[int, tuple[int, dict[str, str], Rater]] = {}
        """By plan, its last rating."""

    def write(self) -> None:
        take_shipped(authority=self.authority, by_name="Demonstration")
        self.phrases: dict[tuple[str, bool], list[Phrase]] = defaultdict(list)
        for phrase in Phrase.objects.filter(authority=self.authority):
            self.phrases[phrase.key, phrase.is_praise].append(phrase)
        plans = list(
            Plan.objects.filter(authority=self.code, state__in=[*map(str, RATED), str(State.RETURNED)]).order_by("id")
        )
        if not plans:
            return
        self.terms = sorted({plan.term for plan in plans}, key=in_time)
        self.raters = self._raters()
        self.wrote = writers(self.code, [plan.pk for plan in plans])
        schools = Counter(plan.school_id for plan in plans if plan.school_id)
        self.better = schools.most_common(1)[0][0] if schools else None
        self.ids = new_ids("quality_rating", 2 * len(plans))
        renamed = [named for plan in plans if (named := self._rate(plan)) is not None]
        self._insert()
        update("plans_plan", ("rating", "approved_by_name"), renamed)
        self._samples(plans)
        self._moderate(plans)
        self._asked()
        for term in self.terms:
            refresh_middles(self.code, term)

    def _raters(self) -> list[Rater]:
        rows = Membership.objects.filter(
            authority=self.code, role__in=[Role.VIRTUAL_SCHOOL_HEAD, Role.ADVISER], ends__isnull=True
        ).order_by("-role", "id")
        leans = (0.0, 0.15, -0.3, 0.1, 0.2)
        return [
            Rater(pk, name, leans[n % len(leans)])
            for n, (pk, name) in enumerate(rows.values_list("user", "user__name"))
        ]

    def _rater(self, plan: Plan) -> Rater | None:
        """The plan's reviewer, now and then the head; never who wrote in it."""
        free = [one for one in self.raters if one.pk not in self.wrote.get(plan.pk, ())]
        if not free:
            return None
        if self.rng.random() < HEADS_SHARE:
            return free[0]
        return next((one for one in free if one.pk == plan.reviewer_id), free[-1])

    def _rate(self, plan: Plan) -> tuple[int, str, str] | None:
        rater = self._rater(plan)
        on = plan.approved_on or (min(self.today, plan.submitted_on + 4 * DAY) if plan.submitted_on else None)
        if rater is None or on is None:
            return None
        strength = STRENGTH.get(plan.rating, 2.0)
        if plan.school_id == self.better:
            strength = 1.75 + BETTER_SCHOOL[self.terms.index(plan.term) % len(BETTER_SCHOOL)]
        if plan.state == State.RETURNED:
            self._add(plan, rater, 1, on, "returned", strength - 0.9)
            return None
        back = next((line["on"] for line in plan.clocks.get("way", []) if line["step"] == "return"), None)
        if back is not None:
            self._add(plan, rater, 1, date.fromisoformat(back), "returned", strength - 0.9, is_last=False)
        label = self._add(plan, rater, 1 if back is None else 2, on, "approved", strength)
        return plan.pk, label, rater.name

    def _asked(self) -> None:
        """A question to the head, and a school that does not agree."""
        waiting = Plan.objects.filter(authority=self.code, state=str(State.IN_QA), reviewer__isnull=False)
        plan = waiting.select_related("reviewer").order_by("id").first()
        if plan is not None and plan.reviewer is not None:
            OpinionAsked.objects.create(
                authority=self.authority, child_id=plan.child_id, plan=plan, asked_by=plan.reviewer,
                asked_by_name=plan.reviewer.name,
                question="The targets are sound and the voice is thin. Would you send it back for that alone?",
            )  # fmt: skip
        low = (
            Rating.objects.filter(
                authority=self.code, is_last=True, outcome="approved", school__isnull=False,
                results__level="requires_improvement", results__side=Side.SCHOOL, term=self.terms[-1],
            )
            .select_related("school")
            .order_by("id")
            .first()
        )  # fmt: skip
        if low is not None and low.school is not None:
            teacher = low.school.designated_teachers.filter(ends__isnull=True).select_related("person").first()
            if teacher is not None:
                Appeal.objects.create(
                    authority=self.authority, child_id=low.child_id, plan_id=low.plan_id, rating=low, by=teacher.person,
                    by_name=teacher.person.name,
                    words="The starting points are in the provision map we sent with the plan. Please look again.",
                )  # fmt: skip

    def _add(
        self, plan: Plan, rater: Rater, number: int, on: date, outcome: str, strength: float, *, is_last: bool = True
    ) -> str:  # fmt: skip
        """Marks, results and words of one rating; the label it comes to."""
        pk, marks = self.ids.pop(0), self._marks(plan, strength + rater.lean)
        self.rows["quality_rating"].append(
            (pk, "check", plan.child_id, plan.pk, plan.term, plan.school_id, number, rater.pk,
             rater.name, noon(on), noon(on), on, outcome, is_last)
        )  # fmt: skip
        label = self._tell(pk, plan, marks)
        self._words(pk, plan, marks)
        if is_last and outcome == "approved":
            self.ratings[plan.pk] = (pk, marks, rater)
        return label

    def _tell(self, pk: int, plan: Plan, marks: dict[str, str]) -> str:
        for key, level in marks.items():
            one = self.rubric.criterion(key)
            assert one is not None
            points = self.rubric.points(level)
            self.rows["quality_mark"].append((plan.child_id, pk, one.side, key, level, points, self.rubric.most))
        label = ""
        for side in (Side.SCHOOL, Side.SOCIAL_WORK):
            reached = roll_up(self.rubric, marks, side)
            if reached is not None:
                row = (plan.child_id, pk, side, reached.level.key, reached.level.label, reached.level.is_good)
                self.rows["quality_result"].append(row)
                label = label or reached.level.label
        return label

    def _asked_of(self, plan: Plan) -> list[Criterion]:
        held = plan.clocks.get("circumstances", {}).get("is", {})
        near = held.get("is_transition_year") and not plan.term.endswith("autumn")
        return [one for one in self.rubric.criteria if one.is_on and (one.when != "transition" or near)]

    def _marks(self, plan: Plan, strength: float) -> dict[str, str]:
        found = {}
        for one in self._asked_of(plan):
            value = self.rng.gauss(strength + HARDER.get(one.key, 0.0), 0.55)
            found[one.key] = str(max(0, min(self.rubric.most, round(value))))
        return found

    def _words(self, pk: int, plan: Plan, marks: dict[str, str]) -> None:
        rng = self.rng
        for key, level in marks.items():
            one = self.rubric.criterion(key)
            assert one is not None
            weak, strong = int(level) < 2, level == str(self.rubric.most)
            chance = 0.7 if weak else 0.18 if strong else 0.0
            offered = [p for p in self.phrases.get((key, strong), ()) if p.side == one.side]
            if offered and rng.random() < chance:
                phrase = rng.choice(offered)
                self.rows["quality_comment"].append(
                    (plan.child_id, pk, phrase.side, key, phrase.words, phrase.theme, strong)
                )
        self.rows["quality_comment"].append((plan.child_id, pk, Side.SCHOOL, "", rng.choice(PRAISE), "", True))
        if rng.random() < 0.12:
            self.rows["quality_comment"].append((plan.child_id, pk, Side.INTERNAL, "", rng.choice(INTERNAL), "", False))

    def _insert(self) -> None:
        of = ("authority_id", "child_id", "rating_id", "side")
        insert(
            "quality_rating",
            ("authority_id", "rubric_id", "id", "kind", "child_id", "plan_id", "term", "school_id", "round", "rater_id",
             "rater_name", "begun_at", "finished_at", "finished_on", "outcome", "is_last"),
            [(self.code, self.version.pk, *row) for row in self.rows.pop("quality_rating", [])],
        )  # fmt: skip
        for table, columns in (
            ("quality_mark", ("key", "level", "points", "most")),
            ("quality_result", ("level", "label", "is_good")),
            ("quality_comment", ("key", "words", "theme", "is_praise")),
        ):
            insert(table, (*of, *columns), [(self.code, *row) for row in self.rows.pop(table, [])])

    def _samples(self, plans: Sequence[Plan]) -> None:
        """One a term: those of the terms before are marked, that of now waits."""
        markers = [one.pk for one in self.raters]
        advisers = markers[1:] or markers
        names = {one.pk: one for one in self.raters}
        by_pk = {plan.pk: plan for plan in plans}
        for term in self.terms:
            rated = [
                Drawable(pk, rater.pk, by_pk[pk].school_id or 0, self.wrote.get(pk, frozenset()) | {rater.pk})
                for pk, (_, _, rater) in self.ratings.items()
                if by_pk[pk].term == term
            ]
            if not rated:
                continue
            seed = f"{term}-{self.rng.randrange(1000)}"[:20]
            drawn = draw(rated, percent=SAMPLED, strata="rater", seed=seed)
            is_now = term == self.terms[-1]
            on = self.today if is_now else max(by_pk[one.plan].approved_on or self.today for one in drawn)
            sample = Sample.objects.create(
                authority=self.authority, term=term, percent=SAMPLED, seed=seed, drawn_from=len(rated), drawn_on=on,
                by_name=self.raters[0].name,
            )  # fmt: skip
            for plan, marker in shared_out(drawn, advisers if is_now else markers, seed=seed).items():
                if marker is not None:
                    self._second(sample, by_pk[plan], names[marker], on, is_done=not is_now)

    def _second(self, sample: Sample, plan: Plan, marker: Rater, on: date, *, is_done: bool) -> None:
        first, marks, _ = self.ratings[plan.pk]
        row = SecondMark(
            authority=self.authority, child_id=plan.child_id, sample=sample, plan=plan, first_id=first,
            marker_id=marker.pk, marker_name=marker.name, rubric=self.version,
        )  # fmt: skip
        if is_done:
            pk = new_ids("quality_rating", 1)[0]
            when = min(self.today, on + self.rng.randrange(1, 9) * DAY)
            again = {key: self._again(level, marker) for key, level in marks.items()}
            self.rows["quality_rating"].append(
                (pk, "second", plan.child_id, plan.pk, plan.term, plan.school_id, 1, marker.pk, marker.name, noon(when),
                 noon(when), when, "", False)
            )  # fmt: skip
            self._tell(pk, plan, again)
            self._insert()
            row.second_id, row.finished_at = pk, noon(when)
        row.save()

    def _again(self, level: str, marker: Rater) -> str:
        """Mostly the same; else a step to where the marker leans."""
        if self.rng.random() < 0.72:
            return level
        step = 1 if self.rng.random() < 0.5 + marker.lean else -1
        return str(max(0, min(self.rubric.most, int(level) + step)))

    def _moderate(self, plans: Sequence[Plan]) -> None:
        term = self.terms[-2] if len(self.terms) > 1 else self.terms[-1]
        marked = list(
            SecondMark.objects.filter(
                authority=self.authority, sample__term=term, finished_at__isnull=False
            ).order_by("id")[:6]
        )  # fmt: skip
        if not marked:
            return
        on = max(one.finished_at for one in marked).date() + 2 * DAY
        session = Moderation.objects.create(
            authority=self.authority, name="Moderation of plans", on=min(on, self.today),
            people=[*[one.name for one in self.raters[:4]], "Judith Farrow, designated teacher"],
            decided="We rate voice as weak where the child’s words are quoted and nothing follows from them. "
            "Whoever gives 0 for targets says which of the three is missing: number, day or starting point.",
            rubric_notes="Say under “voice” that a quotation alone is weak.",
            closed_on=min(on, self.today), by_name=self.raters[0].name,
        )  # fmt: skip
        for one in marked:
            marks = {key: level for key, level in self.ratings[one.plan_id][1].items() if not key.startswith("sw_")}
            marks["voice"] = str(max(0, int(marks.get("voice", "1")) - self.rng.choice((0, 0, 1))))
            reached = roll_up(self.rubric, marks)
            ModeratedPlan.objects.create(
                authority=self.authority, child_id=one.child_id, moderation=session, plan_id=one.plan_id, agreed=marks,
                level=reached.level.key if reached else "", label=reached.level.label if reached else "",
                said="The quotation is strong; what changed because of it is not said.", discussed_at=one.finished_at,
            )  # fmt: skip
