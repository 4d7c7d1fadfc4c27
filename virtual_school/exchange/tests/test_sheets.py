"""Rolls and plan dates out of people's spreadsheets."""

from datetime import date

import openpyxl
import pytest

from virtual_school.access.tests.factories import UserFactory
from virtual_school.children.models import Child, FormerName, Involvement
from virtual_school.exchange.enrolments import COLUMNS
from virtual_school.exchange.plan_dates import term_key
from virtual_school.exchange.readers.faults import Unreadable
from virtual_school.exchange.readers.sheets import template
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.plans.models import RecordedPlan
from virtual_school.schools.models import DesignatedTeacher, Enrolment, School

from .loading import CODE, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def children(authority, files, load):
    load(files)
    School.objects.create(urn=100000, name="Example School", la_code=CODE, establishment_number="4000", status_code="1")
    School.objects.create(urn=100001, name="Other School", la_code=CODE, establishment_number="4001", status_code="1")
    return authority


def sheet(tmp_path, text: str):
    path = tmp_path / "sheet.csv"
    path.write_text(text)
    return path


def spells() -> list[tuple]:
    with acting(service(CODE)):
        rows = Enrolment.objects.order_by("child__local_id", "starts")
        columns = ("child__local_id", "school_id", "provision", "starts", "ends", "kind", "year_group")
        return list(rows.values_list(*columns))


def test_a_roll_goes_in_with_names_and_again_changes_nothing(children, tmp_path):
    path = sheet(
        tmp_path,
        "Child ID,First name,Surname,Former surname,URN,LAESTAB,School,Start date,End,Year,Kind\n"
        "566910,Zoë,Example,Sample,100000,,,01/09/2024,,Year 5,\n"
        "384923,Sam,Other,,,330/4001,,2024-09-02,,R,Main\n"
        "550084,,,,,,Tuition at home,03/09/2024,,,Subsidiary\n",
    )
    changes, _ = take_in("enrolments", children, path)
    assert changes.total.created == 3 and changes.total.rejected == 0
    assert spells() == [
        ("384923", 100001, "", date(2024, 9, 2), None, "main", 0),
        ("550084", None, "Tuition at home", date(2024, 9, 3), None, "subsidiary", None),
        ("566910", 100000, "", date(2024, 9, 1), None, "main", 5),
    ]
    with acting(service(CODE)):
        child = Child.objects.get(local_id="566910")
        assert child.name == "Zoë Example"
        assert FormerName.objects.get().surname == "Sample"
        assert child.search_text.startswith("zoe example sample")
    again, _ = take_in("enrolments", children, path)
    assert (again.total.changes, again.total.unchanged) == (0, 3)


def test_names_that_are_held_are_not_replaced(children, tmp_path):
    with acting(service(CODE)):
        Child.objects.filter(local_id="566910").update(forename="Alex", surname="Known")
    take_in(
        "enrolments", children,
        sheet(tmp_path, "CHILD,Forename,Surname,URN,Start\n566910,Sandy,Wrong,100000,01/09/2024\n"),
    )  # fmt: skip
    with acting(service(CODE)):
        assert Child.objects.get(local_id="566910").name == "Alex Known"


def test_a_child_is_also_found_by_upn_and_date_of_birth_together(children, tmp_path):
    with acting(service(CODE)):
        child = Child.objects.get(local_id="566910")
    text = f"UPN,DOB,URN,Start\n{child.upn.lower()},{child.born:%d/%m/%Y},100000,01/09/2024\n"
    text += f"{child.upn},01/01/2001,100000,01/09/2024\n{child.upn},,100000,01/09/2024\n"
    changes, _ = take_in("enrolments", children, sheet(tmp_path, text))
    assert [spell[0] for spell in spells()] == ["566910"]
    assert [(entry.row, entry.column) for entry in changes.of("rejected")] == [(3, "UPN"), (4, "CHILD")]


def test_a_child_who_moved_leaves_the_school_before_and_its_designated_teacher_with_it(children, tmp_path):
    first, second = UserFactory(), UserFactory()
    DesignatedTeacher.objects.create(school_id=100000, person=first, starts=date(2024, 9, 1))
    DesignatedTeacher.objects.create(school_id=100001, person=second, starts=date(2024, 9, 1))
    take_in("enrolments", children, sheet(tmp_path, "CHILD,URN,Start\n566910,100000,01/09/2024\n"))
    changes, _ = take_in("enrolments", children, sheet(tmp_path, "CHILD,URN,Start\n566910,100001,05/01/2026\n"))
    assert (changes.total.created, changes.total.ended) == (1, 1)
    assert "on the roll of another school from 5 January 2026" in changes.of("ended")[0].reason
    with acting(service(CODE)):
        around = Involvement.objects.order_by("starts").values_list("person", "starts", "ends")
        assert list(around) == [
            (first.pk, date(2024, 9, 1), date(2026, 1, 5)),
            (second.pk, date(2026, 1, 5), None),
        ]


def test_a_corrected_first_day_is_one_change(children, tmp_path):
    take_in("enrolments", children, sheet(tmp_path, "CHILD,URN,Start\n566910,100000,01/09/2024\n"))
    changes, _ = take_in("enrolments", children, sheet(tmp_path, "CHILD,URN,Start\n566910,100000,08/09/2024\n"))
    assert (changes.total.created, changes.total.changed) == (0, 1)
    assert [spell[3] for spell in spells()] == [date(2024, 9, 8)]


def test_dates_of_two_schools_may_move_past_each_other(children, tmp_path):
    take_in(
        "enrolments", children,
        sheet(tmp_path, "CHILD,URN,Start,End\n566910,100000,01/09/2023,01/09/2024\n566910,100001,01/09/2024,\n"),
    )  # fmt: skip
    changes, _ = take_in(
        "enrolments", children,
        sheet(tmp_path, "CHILD,URN,Start,End\n566910,100001,01/09/2025,\n566910,100000,01/09/2023,01/09/2025\n"),
    )  # fmt: skip
    assert changes.total.rejected == 0
    assert [spell[3:5] for spell in spells()] == [
        (date(2023, 9, 1), date(2025, 9, 1)),
        (date(2025, 9, 1), None),
    ]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("999,100000,01/09/2024,,,", "CHILD", "no child with this identifier"),
        ("566910,999999,01/09/2024,,,", "School URN", "no school with this URN"),
        ("566910,,01/09/2024,,,", "School URN", "there is no school"),
        ("566910,100000,31/09/2024,,,", "Start", "not a real date"),
        ("566910,100000,,,,", "Start", "Start is blank"),
        ("566910,100000,01/09/2024,01/08/2024,,", "End", "is before Start"),
        ("566910,100000,01/09/2024,,15,", "Year group", "not a year group"),
        ("566910,100000,01/09/2024,,,Guest", "Kind", "not a kind of registration"),
    ],
)
def test_a_bad_row_is_left_out_with_its_column_and_reason(children, tmp_path, row, column, reason):
    path = sheet(tmp_path, f"CHILD,URN,Start,End,Year group,Kind\n{row}\n384923,100000,01/09/2024,,,\n")
    changes, _ = take_in("enrolments", children, path)
    fault = changes.of("rejected")[0]
    assert (fault.file, fault.row, fault.column) == ("sheet.csv", 2, column)
    assert reason in fault.reason
    assert [spell[0] for spell in spells()] == ["384923"]


def test_two_main_schools_at_once_are_left_out_and_both_are_named(children, tmp_path):
    path = sheet(
        tmp_path,
        "CHILD,URN,Start,End\n566910,100000,01/09/2024,01/09/2026\n566910,100001,01/09/2025,01/09/2026\n",
    )
    changes, _ = take_in("enrolments", children, path)
    assert "this and row 2" in changes.of("rejected")[0].reason
    assert len(spells()) == 1


def test_a_workbook_reads_like_csv(children, tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Roll of our children"])
    page.append(["CHILD", "School URN", "Start", "Year group"])
    page.append([566910, 100000, date(2024, 9, 1), 5])
    book.save(tmp_path / "roll.xlsx")
    changes, _ = take_in("enrolments", children, tmp_path / "roll.xlsx")
    assert changes.total.created == 1
    assert spells()[0][3:] == (date(2024, 9, 1), None, "main", 5)


def test_the_template_is_taken_back_as_it_is_given(children, tmp_path):
    with acting(service(CODE)):
        Child.objects.create(authority=children, local_id="100123")
    changes, _ = take_in("enrolments", children, sheet(tmp_path, template(COLUMNS)))
    assert (changes.total.created, changes.total.rejected) == (1, 0)


def test_a_file_without_the_headings_is_refused_whole(children, tmp_path):
    with pytest.raises(Unreadable, match=r"sheet\.csv"):
        take_in("enrolments", children, sheet(tmp_path, "one,two\n1,2\n"))
    assert spells() == []


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("2026/27-autumn", "2026/27-autumn"),
        ("Autumn 2026", "2026/27-autumn"),
        ("spring term 2027", "2026/27-spring"),
        ("2026-27 Summer", "2026/27-summer"),
        ("Summer 2026/2027", "2026/27-summer"),
        ("2026/28 autumn", None),
        ("Michaelmas 2026", None),
        ("autumn", None),
        ("autumn or spring 2026", None),
    ],
)
def test_a_term_is_read_as_people_write_it(words, key):
    assert term_key(words) == key


def test_plan_dates_go_in_and_a_blank_leaves_what_is_held(children, tmp_path):
    first = sheet(tmp_path, "CHILD,Term,Initiated,Meeting,Signed off,Rating\n566910,Autumn 2026,07/09/2026,,,\n")
    changes, _ = take_in("plans", children, first)
    assert changes.total.created == 1
    later = sheet(tmp_path, "CHILD,Term,Meeting date,Rating\n566910,2026/27-autumn,15/10/2026,Good\n")
    changes, _ = take_in("plans", children, later)
    assert changes.total.changed == 1
    again, _ = take_in("plans", children, later)
    assert (again.total.changes, again.total.unchanged) == (0, 1)
    with acting(service(CODE)):
        plan = RecordedPlan.objects.get()
        assert (plan.term, plan.initiated_on, plan.meeting_on, plan.signed_off_on, plan.rating) == (
            "2026/27-autumn", date(2026, 9, 7), date(2026, 10, 15), None, "Good",
        )  # fmt: skip


def test_a_bad_plan_row_is_left_out(children, tmp_path):
    text = "CHILD,Term,Signed off\n566910,Lent 2026,\n566910,Autumn 2026,01/01/2030\n"
    text += "384923,Autumn 2026,\n384923,Autumn 2026,\n"
    changes, _ = take_in("plans", children, sheet(tmp_path, text))
    faults = [(entry.row, entry.column) for entry in changes.of("rejected")]
    assert faults == [(2, "Term"), (3, "Signed off"), (5, "Term")]
    assert changes.total.created == 1
