"""Alerts as the rules raised them in the last school days, and what the virtual school did about most of them."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from virtual_school.access.models import Membership, Role
from virtual_school.attendance.alerting import State, look
from virtual_school.attendance.comparing import Given
from virtual_school.attendance.models import Delivery, MarkedDay
from virtual_school.attendance.models_alerts import AttendanceAction, AttendanceAlert, AttendanceAlertStep
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Involvement
from virtual_school.dates.school_days import SchoolCalendar

DAYS = 4
SEEN, SAID, CLOSED = 0.65, 0.6, 0.55
"""Of what stands at the end of a day: seen to; of that, an action agreed; of what was in hand the day before, closed."""

ACTIONS = {
    "first_day": ("Ring the carer before ten tomorrow", "Ask the school office what the carer said"),
    "run": ("Meet the designated teacher and the carer this week", "Home visit with the social worker"),
    "no_marks": ("Ask the school office for its registers", "Agree with the school that registers come daily"),
    "reached": ("Attendance meeting with school, carer and social worker", "Put attendance on the next plan’s agenda"),
    "nearing": (
        "Ask what Mondays are like from the young person’s side",
        "Mentor meets them at the gate for two weeks",
    ),
    "falling": ("Find out what changed since half term", "Ask the designated teacher about lessons and friends"),
    "weekday": ("Look at that day’s timetable with the designated teacher", "Ask about family time on the day before"),
}
OUTCOMES = {
    "first_day": (("explained", "A dentist’s appointment nobody had told the office of"), ("back", "")),
    "run": (("plan", "A later start for two weeks, reviewed at the plan meeting"), ("back", "")),
    "no_marks": (("nothing", "The office was short of staff; registers come again"),),
    "reached": (("plan", "Attendance meeting held, actions in the plan"),),
    "nearing": (("plan", "The school’s own attendance plan"), ("back", "")),
    "falling": (("explained", "Two illnesses, one after the other"), ("plan", "In the plan")),
    "weekday": (("explained", "Family time moved to another day"),),
}


class Alerts:
    def __init__(self, authority: Authority, calendar: SchoolCalendar, seed: str, today: date) -> None:
        self.authority, self.calendar, self.today = authority, calendar, today
        self.rng = Random(f"{seed}:{authority.code}:alerts")
        self.advisers: dict[int, tuple[int, str]] = {}
        self.named: set[int] = set()
        rows = Involvement.objects.filter(authority=authority, role=Role.ADVISER, ends__isnull=True).order_by("-id")
        for child, pk, name in rows.values_list("child", "person", "person__name"):
            self.advisers[child] = (pk, name)
        holders = Membership.objects.filter(
            authority=authority, role__in=[Role.VIRTUAL_SCHOOL_HEAD, Role.DATA_OFFICER], ends__isnull=True
        )
        self.holders = {
            role: (pk, name) for role, pk, name in holders.order_by("-id").values_list("role", "user", "user__name")
        }

    def write(self) -> None:
        days = [self.calendar.before(self.today, n) for n in range(DAYS, 0, -1)]
        for day in days:
            look(self.authority, day, at=_at(day, time(10, 5)))
            self._name_them()
            self._close(day)
            self._see_to(day)
        self._correct(days[-1])
        look(self.authority, self.today, at=_at(self.today, time(9, 50)))
        self._name_them()

    def _name_them(self) -> None:
        """The same addresses each time a demo is made."""
        new = list(AttendanceAlert.objects.filter(authority=self.authority).exclude(id__in=self.named).order_by("id"))
        for alert in new:
            alert.public_id = self._id()
            self.named.add(alert.pk)
        AttendanceAlert.objects.bulk_update(new, ["public_id"])

    def _by(self, alert: AttendanceAlert) -> tuple[int, str] | None:
        return self.holders.get(alert.to_role) or self.advisers.get(alert.child_id)

    def _see_to(self, day: date) -> None:
        """Most of what nobody has yet."""
        steps: list[AttendanceAlertStep] = []
        actions: list[AttendanceAction] = []
        seen = []
        for alert in AttendanceAlert.objects.filter(authority=self.authority, state=State.OPEN).order_by("id"):
            by, is_seen, is_said = self._by(alert), self.rng.random() < SEEN, self.rng.random() < SAID
            words = self.rng.choice(ACTIONS[alert.rule])
            if by is None or not is_seen:
                continue
            at = _at(day, time(11, self.rng.randrange(60)))
            alert.state, alert.owner_id, alert.owner_name, alert.acknowledged_at = State.ACKNOWLEDGED, *by, at
            seen.append(alert)
            steps.append(_step(alert, "acknowledged", by, at))
            if is_said:
                actions.append(self._action(alert, words, by, at))
                steps.append(_step(alert, "action", by, at + timedelta(minutes=4), f"{by[1]}: {words}"))
        AttendanceAlert.objects.bulk_update(seen, ["state", "owner", "owner_name", "acknowledged_at"])
        AttendanceAction.objects.bulk_create(actions)
        AttendanceAlertStep.objects.bulk_create(steps)

    def _action(self, alert: AttendanceAlert, words: str, by: tuple[int, str], at: datetime) -> AttendanceAction:
        return AttendanceAction(
            authority_id=alert.authority_id, child_id=alert.child_id, alert=alert, what=words, owner_id=by[0],
            owner_name=by[1], by_on=self.calendar.after(at.date(), self.rng.randrange(2, 7)), by_name=by[1], at=at,
            public_id=self._id(),
        )  # fmt: skip

    def _id(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def _close(self, day: date) -> None:
        """Some of what was in hand, with what came of it."""
        steps: list[AttendanceAlertStep] = []
        closed, done = [], []
        held = AttendanceAlert.objects.filter(authority=self.authority, state=State.ACKNOWLEDGED).order_by("id")
        for alert in held.prefetch_related("actions"):
            outcome, words = self.rng.choice(OUTCOMES[alert.rule])
            if self.rng.random() >= CLOSED or alert.owner_id is None:
                continue
            by, at = (alert.owner_id, alert.owner_name), _at(day, time(15, self.rng.randrange(60)))
            for action in alert.actions.all():
                action.done_on, action.outcome = day, words or "Done; back in school"
                done.append(action)
                steps.append(_step(alert, "done", by, at, f"{action.what}: {action.outcome}"))
            alert.state, alert.closed_at, alert.outcome, alert.outcome_words = State.CLOSED, at, outcome, words
            closed.append(alert)
            said = alert.get_outcome_display()
            steps.append(_step(alert, "closed", by, at + timedelta(minutes=2), f"{said}: {words}" if words else said))
        AttendanceAlert.objects.bulk_update(closed, ["state", "closed_at", "outcome", "outcome_words"])
        AttendanceAction.objects.bulk_update(done, ["done_on", "outcome"])
        AttendanceAlertStep.objects.bulk_create(steps)

    def _correct(self, day: date) -> None:
        """The school says today that an absence of then was illness: the alert withdraws itself."""
        alert = AttendanceAlert.objects.filter(
            authority=self.authority, rule="first_day", state__in=(State.OPEN, State.ACKNOWLEDGED), school__isnull=False
        ).order_by("id").first()  # fmt: skip
        if alert is None:
            return
        given = [
            Given(row.child_id, row.day, row.urn, "I" if row.am in "NO" else row.am, "I" if row.pm in "NO" else row.pm)
            for row in MarkedDay.objects.filter(
                authority=self.authority,
                child=alert.child_id,
                day__gte=date.fromisoformat(alert.occasion),
                day__lte=day,
            ).order_by("day", "urn")
        ]
        deliver(
            Sender(Delivery.Source.PAGE, "School office", at=_at(self.today, time(9, 45))), {self.authority.code: given}
        )


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, UTC)


def _step(alert: AttendanceAlert, kind: str, by: tuple[int, str], at: datetime, words: str = "") -> AttendanceAlertStep:
    return AttendanceAlertStep(
        authority_id=alert.authority_id, child_id=alert.child_id, alert=alert, kind=kind, words=words, by_id=by[0],
        by_name=by[1], at=at,
    )  # fmt: skip
