"""Suspensions told from the marks already made, one permanent exclusion, reduced timetables and other provision, and
who does what for the children without full-time education."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from virtual_school.access.models import Membership, Role
from virtual_school.attendance.comparing import Given
from virtual_school.attendance.models import Delivery, MarkedDay
from virtual_school.attendance.models_exclusion import RiskMeeting, Suspension, SuspensionTold
from virtual_school.attendance.models_provision import EducationStep, Provision, ProvisionReview
from virtual_school.attendance.providing import full_time_hours
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.authorities.models import Authority
from virtual_school.care.models import CarePeriod
from virtual_school.children.models import Child, Involvement
from virtual_school.dates.ages import birthday, compulsory_school_age_from, year_group
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.schools.models import Enrolment

REASONS = {"DB": 38, "PA": 11, "PP": 14, "VA": 17, "VP": 6, "DM": 6, "SM": 1, "OW": 3, "DA": 4, "TH": 3, "MT": 2}
SECOND_REASON = 0.3
LUNCHTIMES = 0.06
WORDS = {
    "DB": "Left lessons again and would not go back in",
    "PA": "Pushed a member of staff who stood in the doorway",
    "PP": "A fight at break that began with name-calling",
    "VA": "Swore at a teacher after being asked to hand over a phone",
    "DM": "Broke the glass of a display case",
}
OUT_TODAY = ((3, 8), (1, 2), (0, 1))
"""So many school days ago began, and are to last, the suspensions of today."""

EXCLUDED_DAYS_AGO = 13

CHECKED = 0.8
WEIGHED = (
    "Weighed a key adult, a changed timetable and help from the educational psychologist. Agreed a quiet place, a card "
    "to leave lessons with, and a weekly call with the carer."
)
PICTURED_STEPS = {
    "Yonas Tesfay": ("age", "Age dispute, settled last week", "Answer the admissions team", 1),
    "Kai Bennett": ("waiting", "Waiting for a school’s start date", "Agree a start date with the school", 4),
    "Abdul Rahimi": ("waiting", "School waits for its governors", "Ask the head for a date", 0),
    "Harley Whitworth": ("course_full", "College course full until a place came free", "Bursary and bus pass", 3),
}
OTHER_STEPS = (
    ("no_place", "No specialist place", "Take it to the placement panel", 2),
    ("refused", "Two schools refused", "Ask the head of the virtual school for a direction", 3),
    ("application", "No application made yet", "Apply to the nearest school with a place", 1),
    ("distance", "The home is far from the school", "Test the journey with transport", 2),
)

BELOW_STEPS = (
    ("not_ready", "Too few lessons at school besides the two days out", "Two more lessons agreed with the school", 6),
    ("not_ready", "Only two of three days are covered", "A place for the third day", 4),
    ("not_ready", "Back after a long absence, a lesson more each week", "Review with the school", 3),
    ("not_ready", "Past its end date, still anxious in large classes", "Full time, or a new reason agreed", 0),
)


@dataclass(slots=True)
class Pupil:
    child: int
    name: str
    born: date | None
    urn: int
    teacher: str

    def year(self, day: date) -> int | None:
        return year_group(self.born, day) if self.born else None


class Exclusions:
    def __init__(self, authority: Authority, calendar: SchoolCalendar, seed: str, today: date) -> None:
        self.authority, self.calendar, self.today = authority, calendar, today
        self.rng = Random(f"{seed}:{authority.code}:exclusions")
        self.people: dict[int, list[tuple[str, int, str]]] = defaultdict(list)
        self.heads = list(
            Membership.objects.filter(authority=authority, role=Role.VIRTUAL_SCHOOL_HEAD, ends__isnull=True)
            .order_by("id").values_list("user", "user__name")
        )  # fmt: skip
        rows = Involvement.objects.filter(authority=authority, ends__isnull=True).order_by("id")
        for child, role, pk, name in rows.values_list("child", "role", "person", "person__name"):
            self.people[child].append((role, pk, name))
        self.pupils = {pupil.child: pupil for pupil in self._pupils()}
        self.suspensions: list[Suspension] = []
        self.marks: list[Given] = []
        self.taken: set[int] = set()

    def _pupils(self) -> Iterator[Pupil]:
        in_care = CarePeriod.objects.filter(authority=self.authority, kind="looked_after", ends__isnull=True)
        rows = Enrolment.objects.filter(
            authority=self.authority, kind=Enrolment.Kind.MAIN, ends__isnull=True, school__isnull=False,
            starts__lte=self.today, child__in=in_care.values("child"),
        ).select_related("child").order_by("child_id")  # fmt: skip
        for row in rows:
            teacher = self._around(row.child_id, Role.DESIGNATED_TEACHER)
            name = teacher[1] if teacher else "The school office"
            yield Pupil(row.child_id, row.child.name, row.child.born, row.school_id, name)

    def _around(self, child: int, role: str) -> tuple[int, str] | None:
        return next(((pk, name) for held, pk, name in self.people[child] if held == role), None)

    def _id(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def write(self) -> None:
        self._from_marks()
        self._out_today()
        self._permanent()
        Suspension.objects.bulk_create(self.suspensions)
        self._tell()
        self._risk_meetings()
        self._education_of_the_excluded()
        self._reduced()
        self._alternative()
        self._without_school()
        self._steps_below()
        if self.marks:
            at = datetime.combine(self.today, time(10, 5), UTC)
            deliver(Sender(Delivery.Source.PAGE, "School office", at=at), {self.authority.code: self.marks})

    # Suspensions

    def _from_marks(self) -> None:
        """Each run of days coded E is one suspension; a few single days are made of lunchtimes instead."""
        rows = MarkedDay.objects.filter(authority=self.authority, am="E", day__lt=self.today)
        days: dict[tuple[int, int], list[date]] = defaultdict(list)
        for child, urn, day in rows.order_by("child_id", "day").values_list("child_id", "urn", "day"):
            days[child, urn].append(day)
        for (child, urn), out in days.items():
            for run in self._runs(out):
                self._add(child, urn, run[0], len(run))

    def _runs(self, days: Sequence[date]) -> list[list[date]]:
        runs: list[list[date]] = []
        for day in days:
            if runs and self.calendar.between(runs[-1][-1], day) == 1:
                runs[-1].append(day)
            else:
                runs.append([day])
        return runs

    def _add(self, child: int, urn: int, starts: date, days: int, category: str = "SUSP") -> Suspension:
        rng = self.rng
        reasons = rng.choices(list(REASONS), list(REASONS.values()))
        if rng.random() < SECOND_REASON:
            reasons.append(rng.choice([code for code in REASONS if code not in reasons]))
        pupil = self.pupils.get(child)
        is_over = category != "PERM" and self.calendar.after(starts, days) <= self.today
        if category == "SUSP" and days == 1 and is_over and rng.random() < LUNCHTIMES:
            category = "LNCH"
        checked = starts + timedelta(days=rng.randrange(1, 5))
        made = Suspension(
            authority=self.authority, child_id=child, public_id=self._id(), school_id=urn or None, category=category,
            decided_on=starts, starts=starts,
            back_on=self.calendar.after(starts, days) if category == "SUSP" else None,
            sessions=0 if category == "PERM" else 2 * days if category == "SUSP" else days * rng.randrange(1, 4),
            reasons=reasons, words=WORDS.get(reasons[0], ""), by_name=pupil.teacher if pupil else "The school office",
            notified_at=self._at(starts, rng.randrange(9, 15), rng.randrange(60)),
            work_set_on=starts if rng.random() < 0.7 else None,
        )  # fmt: skip
        if is_over and checked <= self.today and rng.random() < CHECKED:
            made.checked_on = checked
            made.checked_by_name = self.heads[0][1] if self.heads else ""
            made.check_note = "Notice in order and told the same day. The plan’s targets were looked at again."
        self.suspensions.append(made)
        return made

    def _at(self, day: date, hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour, minute), UTC)

    def _secondary(self, n: int) -> list[Pupil]:
        """Pupils of years 7 to 11 of whom nothing of the kind is told yet."""
        held = {one.child_id for one in self.suspensions if one.starts > self.today - timedelta(days=60)}
        found = [
            pupil
            for pupil in self.pupils.values()
            if pupil.child not in held | self.taken and 7 <= (pupil.year(self.today) or 0) <= 11
            and pupil.name not in PICTURED_STEPS and pupil.name != "Lacey Ogden"
        ]  # fmt: skip
        chosen = self.rng.sample(found, min(n, len(found)))
        self.taken |= {pupil.child for pupil in chosen}
        return chosen

    def _school_days(self, first: date, last: date) -> list[date]:
        days = (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))
        return [day for day in days if self.calendar.is_school_day(day)]

    def _marked(self, pupil: Pupil, days: Sequence[date], am: str, pm: str) -> None:
        for day in days:
            self.marks.append(Given(pupil.child, day, pupil.urn, am, "" if day == self.today else pm, 0))

    def _out_today(self) -> None:
        if not self.calendar.is_school_day(self.today):
            return
        for pupil, (ago, days) in zip(self._secondary(len(OUT_TODAY)), OUT_TODAY, strict=False):
            starts = self.calendar.before(self.today, ago)
            self._add(pupil.child, pupil.urn, starts, days)
            self._marked(pupil, self._school_days(starts, self.today), "E", "E")

    def _permanent(self) -> None:
        for pupil in self._secondary(1):
            starts = self.calendar.before(self.today, EXCLUDED_DAYS_AGO)
            made = self._add(pupil.child, pupil.urn, starts, 1, "PERM")
            made.words = "A second time with a knife in school. The head saw no other way."
            made.reasons = ["OW"]
            made.invited_on = self.calendar.after(starts, 4)
            made.governors_on = self.calendar.after(starts, 15)
            self.excluded = (made, pupil)
            self._marked(pupil, self._school_days(starts + timedelta(days=1), self.calendar.after(starts, 5)), "E", "E")
            self._marked(pupil, self._school_days(self.calendar.after(starts, 6), self.today), "K", "K")

    def _tell(self) -> None:
        told = []
        for one in self.suspensions:
            people = [(str(Role.VIRTUAL_SCHOOL_HEAD), pk, name) for pk, name in self.heads]
            people += [
                person for person in self.people[one.child_id] if person[0] in (Role.SOCIAL_WORKER, Role.ADVISER)
            ]
            is_old = one.starts < self.today - timedelta(days=3)
            for role, pk, name in people:
                at = one.notified_at + timedelta(minutes=1)
                reads = is_old or (one.starts < self.today and self.rng.random() < 0.7)
                told.append(
                    SuspensionTold(
                        authority=self.authority, child_id=one.child_id, suspension=one, role=role, person_id=pk,
                        name=name, told_at=at, mailed_at=at,
                        read_at=at + timedelta(minutes=self.rng.randrange(6, 400)) if reads else None,
                    )
                )  # fmt: skip
            told.append(
                SuspensionTold(
                    authority=self.authority, child_id=one.child_id, suspension=one, role="parent", how="other",
                    told_at=one.notified_at, by_name=one.by_name,
                )
            )  # fmt: skip
            if one.category == "PERM" or one.sessions > 10:
                told.append(
                    SuspensionTold(
                        authority=self.authority, child_id=one.child_id, suspension=one, role="governors", how="other",
                        told_at=one.notified_at, by_name=one.by_name,
                    )
                )  # fmt: skip
        SuspensionTold.objects.bulk_create(told, batch_size=2000)

    def _risk_meetings(self) -> None:
        recent = [one for one in self.suspensions if one.starts > self.today - timedelta(days=90)]
        RiskMeeting.objects.bulk_create(
            RiskMeeting(
                authority=self.authority, child_id=one.child_id, public_id=self._id(),
                on=self.calendar.before(one.starts, 4), who="Designated teacher, adviser, social worker, carer",
                weighed=WEIGHED, by_name=one.by_name,
            )
            for one in recent[::2]
        )  # fmt: skip

    # Provision

    def _provision(self, pupil: Pupil, kind: str, hours: str, starts: date, **more: object) -> Provision:
        adviser = self._around(pupil.child, Role.ADVISER)
        worker = self._around(pupil.child, Role.SOCIAL_WORKER)
        agreed = starts - timedelta(days=3)
        return Provision(
            authority=self.authority, child_id=pupil.child, public_id=self._id(), kind=kind, hours=Decimal(hours),
            hours_due=full_time_hours(pupil.year(self.today)), starts=starts,
            **{
                "agreed_by": worker[1] if worker else "", "agreed_on": agreed,
                "head_agreed_by": adviser[1] if adviser else "", "head_agreed_on": agreed,
                "by_name": pupil.teacher, **more,
            },
        )  # fmt: skip

    def _education_of_the_excluded(self) -> None:
        if not hasattr(self, "excluded"):
            return
        made, pupil = self.excluded
        starts = self.calendar.after(made.starts, 6)
        Provision.objects.bulk_create([
            self._provision(
                pupil, "alternative", str(full_time_hours(pupil.year(self.today))), starts, suspension=made,
                provider="Riverside Pupil Referral Unit", is_registered=True, reason="Permanently excluded",
                checked_on=starts - timedelta(days=60), review_on=self.today + timedelta(days=10),
            )
        ])  # fmt: skip

    def _reduced(self) -> None:
        """Lacey's, new to care; one that runs as agreed, and one past its end."""
        today = self.today
        lacey = [pupil for pupil in self.pupils.values() if pupil.name == "Lacey Ogden"]
        others = self._secondary(2)
        told = [
            (lacey, 6, "18", "New to care: settling first", self.calendar.after(today, 3), self.calendar.after(today, 2)),
            (others[:1], 18, "12", "Coming back after a long absence", self.calendar.after(today, 8),
             self.calendar.after(today, 3)),
            (others[1:], 13, "15", "Anxious in large classes", self.calendar.before(today, 2),
             self.calendar.before(today, 1)),
        ]  # fmt: skip
        made = []
        for pupils, ago, hours, reason, end, review in told:
            for pupil in pupils:
                starts = self.calendar.before(today, ago - 1)
                made.append(
                    self._provision(
                        pupil, "reduced", hours, starts, reason=reason, end_planned=end, review_on=review,
                        tried="A later start, a place to go at lunch",
                        fills_the_gap="Work set by school, done at home with the carer; a call each afternoon",
                    )
                )  # fmt: skip
                days = [day for day in self._school_days(starts, today) if day.weekday() in (1, 3)]
                self._marked(pupil, [day for day in days if day < today], "/", "C2")
        Provision.objects.bulk_create(made)
        ProvisionReview.objects.bulk_create(
            ProvisionReview(
                authority=self.authority, child_id=one.child_id, provision=one, hours=one.hours, next_on=one.review_on,
                on=self.calendar.after(one.starts, 5), by_name=one.by_name,
                words="Goes well. One more lesson a week from the next review on, as the child asked.",
            )
            for one in made[1:]
        )  # fmt: skip

    def _alternative(self) -> None:
        """Two days a week somewhere else; what school and place give together is below full time for one of them."""
        made = []
        for pupil, hours, provider in zip(
            self._secondary(2), ("16", "19"), ("Green Lane Motor Project", "Harbour Farm"), strict=False
        ):
            starts = self.calendar.before(self.today, self.rng.randrange(20, 40))
            made.append(
                self._provision(
                    pupil, "alternative", hours, starts, provider=provider, is_registered=False,
                    reason="Learns better with hands than at a desk", checked_on=starts - timedelta(days=20),
                    end_planned=self.today + timedelta(days=90), review_on=self.calendar.after(self.today, 6),
                )
            )  # fmt: skip
        Provision.objects.bulk_create(made)

    def _without_school(self) -> None:
        """For most of those with no place: who does what by when. A few are left without, as happens."""
        in_care = CarePeriod.objects.filter(authority=self.authority, kind="looked_after", ends__isnull=True)
        on_roll = Enrolment.objects.filter(authority=self.authority, starts__lte=self.today).exclude(
            ends__lte=self.today
        )
        children = Child.objects.filter(id__in=in_care.values("child")).exclude(id__in=on_roll.values("child"))
        steps, taught = [], []
        of_age = [child for child in children.order_by("id") if child.born and of_school_age(child.born, self.today)]
        for place, child in enumerate(of_age):
            told = PICTURED_STEPS.get(child.name) or OTHER_STEPS[place % len(OTHER_STEPS)]
            adviser = self._around(child.pk, Role.ADVISER)
            if adviser is None or (child.name not in PICTURED_STEPS and place % 5 == 4):
                continue
            blocker, words, step, days = told
            steps.append(
                EducationStep(
                    authority=self.authority, child=child, blocker=blocker, blocker_words=words, owner_id=adviser[0],
                    owner_name=adviser[1], step=step, by_on=self.calendar.after(self.today, days), by_name=adviser[1],
                )
            )  # fmt: skip
            if child.name == "Kai Bennett" or (child.name not in PICTURED_STEPS and place % 3 == 0):
                pupil = Pupil(child.pk, child.name, child.born, 0, adviser[1])
                kind, hours = ("tuition_home", "9") if child.name == "Kai Bennett" else ("online_live", "15")
                starts = self.calendar.before(self.today, 7)
                taught.append(
                    self._provision(
                        pupil, kind, hours, starts, reason="Until a school place is found",
                        provider="County Home Tuition" if kind == "tuition_home" else "Open Door Online",
                        review_on=self.calendar.after(self.today, 4),
                    )
                )  # fmt: skip
        EducationStep.objects.bulk_create(steps)
        Provision.objects.bulk_create(taught)

    def _steps_below(self) -> None:
        """On a roll and below full time: all but the last have somebody who sees to it."""
        below = Provision.objects.filter(
            authority=self.authority, ends__isnull=True, suspension__isnull=True, child__in=list(self.pupils)
        ).order_by("starts", "id")
        steps = []
        for provision, (blocker, words, step, days) in zip(below, BELOW_STEPS, strict=False):
            adviser = self._around(provision.child_id, Role.ADVISER)
            if adviser is not None:
                steps.append(
                    EducationStep(
                        authority=self.authority, child_id=provision.child_id, blocker=blocker, blocker_words=words,
                        owner_id=adviser[0], owner_name=adviser[1], step=step, by_name=adviser[1],
                        by_on=self.calendar.after(self.today, days),
                    )
                )  # fmt: skip
        EducationStep.objects.bulk_create(steps)


def of_school_age(born: date, day: date) -> bool:
    """From compulsory school age to the 18th birthday."""
    return compulsory_school_age_from(born) <= day < birthday(born, 18)
