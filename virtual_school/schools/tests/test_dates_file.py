"""A school's dates out of an iCalendar file: what is found, what is left out and why, and what is kept."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.access.models import Role
from virtual_school.access.tests.factories import MembershipFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.authorities.models import Authority, TermDates
from virtual_school.authorities.term_dates import FaultyFile
from virtual_school.schools.dates_file import read_calendar
from virtual_school.schools.models import School

from .factories import SchoolFactory

AUTUMN = ("Autumn term", "20260902", "20261219")


def file_of(*events: tuple[str, ...], more: str = "") -> bytes:
    """Of whole days: what, the first day, the day after the last, further lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//School//EN"]
    for n, (what, first, *rest) in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{n}@school.example", f"SUMMARY:{what}", f"DTSTART;VALUE=DATE:{first}"]
        lines += [f"DTEND;VALUE=DATE:{rest[0]}"] if rest and rest[0] else []
        lines += [*rest[1:], "END:VEVENT"]
    return ("\r\n".join([*lines, *([more] if more else []), "END:VCALENDAR"]) + "\r\n").encode()


def found(*events: tuple[str, ...]) -> list[tuple[str, str, date, date]]:
    return [(row.kind, row.label, row.starts, row.ends) for row in read_calendar(file_of(*events)).rows]


def left_out(*events: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(one.what, one.why) for one in read_calendar(file_of(*events)).left_out]


def test_terms_holidays_and_closed_days_are_told_by_their_words_and_the_last_day_is_the_one_before() -> None:
    assert found(
        AUTUMN, ("October half-term", "20261026", "20261031"), ("INSET day", "20261130", "20261201"),
        ("Bank holiday", "20270503"),
    ) == [
        ("term", "Autumn term", date(2026, 9, 2), date(2026, 12, 18)),
        ("holiday", "October half-term", date(2026, 10, 26), date(2026, 10, 30)),
        ("closure", "INSET day", date(2026, 11, 30), date(2026, 11, 30)),
        ("closure", "Bank holiday", date(2027, 5, 3), date(2027, 5, 3)),
    ]  # fmt: skip


def test_a_day_before_the_first_there_is_is_left_out_and_the_others_are_taken() -> None:
    events = (AUTUMN, ("Old term", "00010101", "00010101"))
    assert [label for _, label, _, _ in found(*events)] == ["Autumn term"]
    assert left_out(*events) == [("Old term", "it has no first day that can be read")]


def test_a_term_may_be_given_by_its_first_and_its_last_day() -> None:
    events = (("Term starts", "20260902"), ("End of term", "20261218"), ("Spring term begins", "20270105"))
    assert found(*events) == [("term", "Autumn term", date(2026, 9, 2), date(2026, 12, 18))]
    assert left_out(*events) == [("Spring term begins", "no event says when this term ends")]
    assert left_out(("Last day of term", "20261218")) == [("Last day of term", "no event says when this term begins")]


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (("Year 7 parents’ evening", "20261014"), "its words name no term, holiday or closed day"),
        (("Spring term dinner", "20270114"), "it is too short for a term"),
        (("Half term begins", "20261023"), "it is the day before or after a holiday, not the holiday"),
        (("Autumn term", "20261219", "20260902"), "the last day, 2 September 2026, is before the first, 19 December 2026"),
        (("Summer holidays", "20260720", "20280901"), "20 July 2026 to 31 August 2028 is longer than any term or holiday"),
        (("INSET day", "20261130", "20261201", "RRULE:FREQ=WEEKLY"), "it repeats: give each of its days"),
        (("School closed", "20260901", "20261001"), "it is too long for days on which the school is closed in a term"),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_left_out_with_its_reason(event: tuple[str, ...], why: str) -> None:
    assert found(event) == []
    assert left_out(event) == [(event[0], why)]


def test_an_event_with_times_or_twice_the_same_is_left_out() -> None:
    timed = "BEGIN:VEVENT\r\nUID:9\r\nSUMMARY:School closed\r\nDTSTART:20261130T090000Z\r\nDTEND:20261130T120000Z\r\nEND:VEVENT"
    (one,) = read_calendar(file_of(AUTUMN, more=timed)).left_out
    assert one.why == "it has times: only whole days are taken"
    assert left_out(AUTUMN, ("Autumn term again", "20260902", "20261212")) == [
        ("Autumn term", "another event of its kind starts on the same day")
    ]


@pytest.mark.parametrize("content", [b"", b"la_code,kind\n", b"\x00\xff\x00", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"])
def test_a_file_that_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(FaultyFile):
        read_calendar(content)
    with pytest.raises(FaultyFile, match="larger than 1 MB"):
        read_calendar(b"x" * 1_000_001)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(0, 199))
def test_whole_days_keep_their_first_and_last_day(first: date, days: int) -> None:
    after = first + timedelta(days=days + 1)
    rows = found(("Easter holiday", f"{first:%Y%m%d}", f"{after:%Y%m%d}"))
    assert rows == [("holiday", "Easter holiday", first, first + timedelta(days=days))]


@pytest.fixture
def school() -> School:
    return SchoolFactory(name="Moorcroft High School", urn=107001)


@pytest.fixture
def head() -> Client:
    sheffield = Authority.objects.create(code=373, name="Sheffield")
    return signed_in(MembershipFactory(role=Role.VIRTUAL_SCHOOL_HEAD, authority=sheffield).user)


def sent(client: Client, school: School, content: bytes) -> str:
    file = SimpleUploadedFile("dates.ics", content, "text/calendar")
    return client.post(f"/schools/{school.urn}/dates/file/", {"file": file}).content.decode()


def kept(client: Client, school: School, page: str, *rows: int) -> str:
    signed = re.search(r'name="rows" value="([^"]+)"', page)
    assert signed
    data = {"rows": signed[1], "keep": [str(n) for n in rows]}
    return client.post(f"/schools/{school.urn}/dates/file/", data, follow=True).content.decode()


@pytest.mark.django_db
def test_what_was_found_is_shown_before_what_was_chosen_is_kept(head: Client, school: School) -> None:
    content = file_of(AUTUMN, ("INSET day", "20261130"), ("Harvest fair", "20261003"))
    page = sent(head, school, content)
    assert "2 found, 1 left out" in page
    assert "Its words name no term, holiday or closed day" in page
    assert not TermDates.objects.exists()
    assert "1 added, 0 changed, 0 as they were." in kept(head, school, page, 0)
    row = TermDates.objects.get()
    assert (row.urn, row.kind, row.label, row.starts, row.ends) == (
        school.urn, "term", "Autumn term", date(2026, 9, 2), date(2026, 12, 18),
    )  # fmt: skip
    page = sent(head, school, content)
    assert "in place of the one held" in page
    assert "1 added, 0 changed, 1 as they were." in kept(head, school, page, 0, 1)
    assert "Nothing was kept: no dates were chosen." in kept(head, school, page)


@pytest.mark.django_db
def test_closed_days_alone_bring_the_areas_dates_along(head: Client, school: School) -> None:
    half_term = {"kind": "holiday", "label": "Half term", "starts": date(2026, 10, 26), "ends": date(2026, 10, 30)}
    TermDates.objects.create(la_code=school.la_code, academic_year="2026/27", **half_term)
    page = sent(head, school, file_of(("INSET day", "20261130")))
    assert f"1 date of {school.la_name} is now its own as well." in kept(head, school, page, 0)
    assert TermDates.objects.filter(urn=school.urn).count() == 2


@pytest.mark.django_db
def test_a_wrong_file_and_a_page_that_was_changed_keep_nothing(head: Client, school: School) -> None:
    assert "dates.ics: This is not an iCalendar file (.ics)" in sent(head, school, b"hello")
    other = SchoolFactory(urn=107002)
    page = sent(head, other, file_of(AUTUMN))
    assert "Choose the file again." in kept(head, school, page, 0)
    answer = head.post(f"/schools/{school.urn}/dates/file/", {"rows": "forged", "keep": "0"}, follow=True)
    assert "Choose the file again." in answer.content.decode()
    assert not TermDates.objects.exists()
