"""The one way in for marks: what stands, what gives way, what is kept, what is counted."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virtual_school.attendance.codes import codes
from virtual_school.attendance.comparing import Given
from virtual_school.attendance.figures import Months, by_authority, children_sums, cohort, trend
from virtual_school.attendance.models import Delivery, EarlierMark, MarkedDay, MonthSums
from virtual_school.attendance.queries import Where, days_of, school_week, sums_between, today
from virtual_school.attendance.recounting import enrolments_changed
from virtual_school.attendance.sums import Mark, Sums, cohort_of, count_once, sums_of, sums_of_counts
from virtual_school.attendance.tasks import count_again
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.models import Enrolment, School
from virtual_school.schools.tests.factories import SchoolFactory, a_pupil

pytestmark = pytest.mark.django_db
CODE = 373
MONDAY = date(2026, 3, 2)
FILE, PHONE = Sender(Delivery.Source.FILE, "Arbor"), Sender(Delivery.Source.PHONE, "Call")


@pytest.fixture
def school(authority: Authority) -> School:
    return SchoolFactory()


@pytest.fixture
def authority(db: None) -> Authority:
    from virtual_school.authorities.actions import open_authority

    return open_authority(CODE)


@pytest.fixture
def kai(authority: Authority, school: School) -> Child:
    with acting(service(CODE)):
        return a_pupil(authority, school)


def put(sender: Sender, *rows: Given) -> None:
    with acting(service(CODE), action="test"):
        deliver(sender, {CODE: rows})


def row(child: Child, school: School, am: str, pm: str = "", day: date = MONDAY) -> Given:
    return Given(child.pk, day, school.urn, am, pm)


def held() -> list[tuple]:
    with acting(service(CODE)):
        return list(MarkedDay.objects.order_by("day", "urn").values_list("day", "urn", "am", "pm"))


def earlier() -> list[tuple]:
    with acting(service(CODE)):
        return list(EarlierMark.objects.order_by("id").values_list("session", "code", "why"))


def test_the_same_marks_sent_twice_change_nothing(kai: Child, school: School) -> None:
    put(FILE, row(kai, school, "/", "\\"))
    put(FILE, row(kai, school, "/", "\\"))
    assert held() == [(MONDAY, school.urn, "/", "\\")]
    assert earlier() == []
    assert Delivery.objects.count() == 1


def test_the_afternoon_comes_later_and_leaves_the_morning(kai: Child, school: School) -> None:
    put(FILE, row(kai, school, "L"))
    put(FILE, row(kai, school, "", "I"))
    assert held() == [(MONDAY, school.urn, "L", "I")]
    assert earlier() == []


def test_a_correction_stands_and_the_mark_before_is_kept(kai: Child, school: School) -> None:
    put(FILE, row(kai, school, "N", "N"))
    put(FILE, row(kai, school, "I", "N"))
    assert held() == [(MONDAY, school.urn, "I", "N")]
    assert earlier() == [("am", "N", "replaced")]
    with acting(service(CODE)):
        year = days_of(kai, MONDAY, MONDAY)
    assert year.disagreements == []
    assert [one.code for one in year.earlier] == ["N"]


def test_the_schools_own_mark_stands_before_one_told_on_the_telephone_and_both_are_shown(
    kai: Child, school: School
) -> None:
    put(FILE, row(kai, school, "O"))
    put(PHONE, row(kai, school, "I"))
    put(PHONE, row(kai, school, "I"))
    assert held() == [(MONDAY, school.urn, "O", "")]
    assert earlier() == [("am", "I", "gave_way")]
    with acting(service(CODE)):
        [other] = days_of(kai, MONDAY, MONDAY).disagreements
    assert other.code == "I"
    assert other.came is not None
    assert other.came.words == "Told to the virtual school"


def test_a_telephone_call_stands_until_the_school_says_otherwise(kai: Child, school: School) -> None:
    put(PHONE, row(kai, school, "I"))
    assert held() == [(MONDAY, school.urn, "I", "")]
    put(FILE, row(kai, school, "O"))
    assert held() == [(MONDAY, school.urn, "O", "")]
    with acting(service(CODE)):
        assert [one.code for one in days_of(kai, MONDAY, MONDAY).disagreements] == ["I"]


def test_two_that_agree_are_no_disagreement(kai: Child, school: School) -> None:
    put(PHONE, row(kai, school, "I"))
    put(FILE, row(kai, school, "I"))
    assert earlier() == []


def test_each_mark_keeps_its_source_and_time(kai: Child, school: School) -> None:
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    put(Sender(Delivery.Source.API, "SIMS", at=at), row(kai, school, "/"))
    put(PHONE, row(kai, school, "", "I"))
    with acting(service(CODE)):
        [day] = days_of(kai, MONDAY, MONDAY).days
    assert day.am_came is not None
    assert (day.am_came.words, day.am_came.sender, day.am_came.at) == ("Sent by a school's system", "SIMS", at)
    assert day.pm_came is not None
    assert day.pm_came.source == "phone"


@pytest.fixture
def second(authority: Authority, kai: Child) -> School:
    other = SchoolFactory()
    with acting(service(CODE)):
        Enrolment.objects.create(
            authority=authority, child=kai, school=other, starts=date(2025, 9, 1), kind="subsidiary"
        )
    return other


def test_at_two_schools_a_session_counts_once_by_the_main_registration(
    kai: Child, school: School, second: School
) -> None:
    put(FILE, row(kai, second, "O", "/"))
    put(FILE, row(kai, school, "/", "D"))
    with acting(service(CODE)):
        year = days_of(kai, MONDAY, MONDAY)
        counts = sums_between(CODE, MONDAY, MONDAY)
    assert year.sums() == Sums(possible=2, present=2)
    assert year.clashes == [(MONDAY, "am")]
    assert sums_of_counts(counts[kai.pk]) == year.sums()


def test_when_the_other_school_becomes_the_main_one_its_marks_count(kai: Child, school: School, second: School) -> None:
    put(FILE, row(kai, second, "O"), row(kai, school, "/"))
    with acting(service(CODE)):
        Enrolment.objects.filter(school=school).update(kind="subsidiary")
        Enrolment.objects.filter(school=second).update(kind="main")
        enrolments_changed(CODE, [kai.pk])
        assert days_of(kai, MONDAY, MONDAY).sums().unauthorised == 1
        assert MonthSums.objects.get().unauthorised == 1


def test_a_registration_changed_by_hand_is_counted_again_by_night(kai: Child, school: School, second: School) -> None:
    put(FILE, row(kai, second, "O"), row(kai, school, "/"))
    with acting(service(CODE)):
        Enrolment.objects.filter(school=school).update(kind="subsidiary")
        Enrolment.objects.filter(school=second).update(kind="main")
        assert MonthSums.objects.get().unauthorised == 0
    count_again(CODE)
    with acting(service(CODE)):
        assert MonthSums.objects.get().unauthorised == 1


def test_a_mark_for_another_authoritys_child_cannot_be_written(kai: Child, school: School) -> None:
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), acting(service(CODE)), transaction.atomic():
        deliver(FILE, {330: [row(kai, school, "/")]})
    assert held() == []


def test_earlier_marks_are_only_added_to(kai: Child, school: School) -> None:
    put(FILE, row(kai, school, "N"))
    put(FILE, row(kai, school, "O"))
    with acting(service(CODE)):
        assert EarlierMark.objects.update(code="/") == 0
        assert EarlierMark.objects.all().delete()[0] == 0
    assert earlier() == [("am", "N", "replaced")]


CODES = sorted(codes())
days = st.integers(0, 80).map(lambda n: MONDAY + timedelta(days=n))
sent = st.lists(
    st.tuples(
        st.booleans(), st.integers(0, 1), st.integers(0, 1), days, st.sampled_from(CODES), st.sampled_from(CODES)
    ),
    min_size=1,
    max_size=25,
)


@given(sent)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_the_sums_of_the_months_are_those_of_the_marks(
    kai: Child, school: School, second: School, given_rows: list
) -> None:
    with acting(service(CODE)):
        EarlierMark.objects.all().delete()
        MarkedDay.objects.all().delete()
        MonthSums.objects.all().delete()
    schools = [school, second]
    for is_phone, which, _, day, am, pm in given_rows:
        put(PHONE if is_phone else FILE, row(kai, schools[which], am, pm, day))
    with acting(service(CODE)):
        months = {one.month: one for one in MonthSums.objects.all()}
        marks = [
            Mark(day, session, code, urn, urn == school.urn)  # type: ignore[arg-type]
            for day, urn, am, pm in MarkedDay.objects.values_list("day", "urn", "am", "pm")
            for session, code in (("am", am), ("pm", pm))
        ]
    counted = count_once(marks).marks
    for month, sums in months.items():
        of_month = [mark.code for mark in counted if mark.day.replace(day=1) == month]
        assert sums_of(of_month) == Sums(
            sums.possible, sums.present, sums.approved, sums.authorised, sums.unauthorised, sums.late_before_close,
            sums.late_after_close,
        )  # fmt: skip
    assert {mark.day.replace(day=1) for mark in marks} <= set(months)


def test_figures_of_a_cohort_its_trend_and_by_authority_are_the_sums_of_the_children(
    authority: Authority, kai: Child, school: School
) -> None:
    with acting(service(CODE)):
        amy = a_pupil(authority, school, name="Amy Drake")
    april = date(2026, 4, 20)
    put(FILE, row(kai, school, "/", "O"), row(kai, school, "I", "I", april), row(amy, school, "/", "\\"))
    expected = cohort_of([sums_of(["/", "O", "I", "I"]), sums_of(["/", "\\"])])
    months = Months(date(2026, 3, 1), date(2026, 4, 1))
    with acting(service(CODE)):
        assert cohort([CODE], months) == expected
        assert by_authority(months) == {CODE: expected}
        assert [(month.month, one.pupils, one.sums.absent) for month, one in trend([CODE], months)] == [
            (3, 2, 1), (4, 1, 2),
        ]  # fmt: skip
        assert children_sums([CODE], months, [amy.pk]) == {amy.pk: sums_of(["/", "\\"])}
        counts = sums_between(CODE, MONDAY, april)
    assert counts[kai.pk] == Counter({"/": 1, "O": 1, "I": 2})


def person(role: str = "adviser"):
    from virtual_school.access.person import person_of
    from virtual_school.access.tests.factories import MembershipFactory

    return person_of(MembershipFactory(authority_id=CODE, role=role).user)


def test_today_says_who_is_in_out_and_not_known(
    authority: Authority, kai: Child, school: School, django_assert_max_num_queries
) -> None:
    with acting(service(CODE)):
        others = [a_pupil(authority, school, name=name) for name in ("Amy Drake", "Ben Ives", "Cal Moss", "Dee Nash")]
        gone = a_pupil(authority, school, name="Eve Owen", left_school=date(2026, 1, 5))
    amy, ben, cal, _ = others
    put(FILE, row(kai, school, "/"), row(amy, school, "O"), row(ben, school, "L", "I"), row(cal, school, "Y1"))
    who = person()
    with acting(who.claims), django_assert_max_num_queries(12):
        found = {one.name: one for one in today(who, MONDAY)}
    assert {name: one.where for name, one in found.items()} == {
        "Kai Bennett": Where.IN,
        "Amy Drake": Where.OUT,
        "Ben Ives": Where.OUT,
        "Cal Moss": Where.NOT_DUE,
        "Dee Nash": Where.UNKNOWN,
        gone.name: Where.NO_SCHOOL,
    }
    assert found["Ben Ives"].why == "Illness"
    assert found["Amy Drake"].came is not None
    with acting(who.claims):
        sunday = {one.where for one in today(who, date(2026, 3, 1))}
    assert sunday == {Where.NOT_DUE, Where.NO_SCHOOL}


def test_a_schools_week_holds_its_pupils_in_care_of_every_authority(
    authority: Authority, kai: Child, school: School
) -> None:
    from virtual_school.access.person import person_of
    from virtual_school.access.tests.factories import MembershipFactory
    from virtual_school.authorities.actions import open_authority
    from virtual_school.schools.actions import appoint_designated_teacher

    other = open_authority(330)
    with acting(service(330)):
        zed = a_pupil(other, school, name="Zed Young")
    teacher = MembershipFactory(authority=None, role="designated_teacher", urn=school.urn).user
    with acting(service(CODE, 330)):
        appoint_designated_teacher(school, person=teacher, starts=date(2026, 1, 5), authorities=[CODE, 330], by=None)
    who = person_of(teacher)
    with acting(who.claims, action="test"):
        deliver(Sender(Delivery.Source.PAGE, school.name, by_id=teacher.pk), {
            CODE: [row(kai, school, "/")], 330: [row(zed, school, "O", "O")],
        })  # fmt: skip
        week = school_week(who, school, MONDAY)
    assert [(one.child.name, one.days) for one in week] == [
        ("Kai Bennett", {MONDAY: ("/", "")}), ("Zed Young", {MONDAY: ("O", "O")}),
    ]  # fmt: skip
