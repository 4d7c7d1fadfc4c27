"""Invented values for the gallery. No child, school, council or figure here is real."""

from datetime import date, timedelta
from typing import Any

from django import forms

from virtual_school.design.components import (
    Action,
    Cell,
    Chip,
    Column,
    Duty,
    DutyRow,
    Figure,
    Link,
    NextItem,
    SummaryRow,
    Table,
    Task,
    Why,
)
from virtual_school.design.forms import (
    CharacterCount,
    Checkboxes,
    DateField,
    MoneyField,
    NumberInput,
    PasswordInput,
    Radios,
    TextInput,
)
from virtual_school.design.pictures.bars import WeekRow, bars
from virtual_school.design.pictures.count import count
from virtual_school.design.pictures.timeline import Attendance, Bar, Dot, DotLane, Lane, timeline

TODAY = date(2026, 11, 24)


class ExampleForm(forms.Form):
    name = forms.CharField(label="Preferred name", widget=TextInput(width=20))
    upn = forms.CharField(label="UPN", help_text="One letter and 12 characters", widget=TextInput(width=20))
    email = forms.EmailField(label="E-mail address", help_text="Their work address")
    password = forms.CharField(label="Password", widget=PasswordInput())
    hours = forms.IntegerField(label="Hours a week", widget=NumberInput(width=2, suffix="hours"), min_value=0)
    amount = MoneyField(label="Amount", help_text="From Pupil Premium Plus")
    born = DateField(label="Date of birth", help_text="For example, 27 3 2011", birthday=True, latest=TODAY)
    note = forms.CharField(label="What happened", widget=CharacterCount(200), max_length=200)
    more = forms.CharField(label="Anything else", widget=forms.Textarea, required=False)
    stage = forms.ChoiceField(
        label="Key stage", choices=[("", "Choose one"), ("3", "Key Stage 3"), ("4", "Key Stage 4")]
    )
    transport = forms.ChoiceField(
        label="How do they get to school?",
        choices=[("walk", "On foot"), ("taxi", "By taxi"), ("other", "Another way")],
        widget=Radios(
            hints={"taxi": "Arranged by the council"}, conditional={"other": "other_way"}, divider_before="other"
        ),
    )
    other_way = forms.CharField(label="Which way", required=False, widget=TextInput(width=20))
    agree = forms.ChoiceField(label="Is it agreed?", choices=[("yes", "Yes"), ("no", "No")], widget=Radios(inline=True))
    support = forms.MultipleChoiceField(
        label="Support in place",
        help_text="Choose all that apply",
        choices=[("tutor", "Tuition"), ("mentor", "Mentor"), ("none", "None of these")],
        widget=Checkboxes(hints={"tutor": "At home or at school"}, divider_before="none", exclusive="none"),
    )
    file = forms.FileField(label="The school's report", help_text="A PDF or a spreadsheet")
    checked = forms.BooleanField(label="I have checked this with the school", help_text="By phone or by e-mail")


class FilterForm(forms.Form):
    marks_optional = False

    year = forms.ChoiceField(label="Year", choices=[("", "All"), ("10", "Year 10")], required=False)
    adviser = forms.ChoiceField(label="Adviser", choices=[("", "All"), ("1", "Priya Nair")], required=False)


def wrong_form() -> ExampleForm:
    data = {
        "hours": "many",
        "amount": "12.345",
        "born-day": "31",
        "born-month": "11",
        "born-year": "2011",
        "email": "nobody",
        "note": "x" * 240,
        "transport": "other",
    }
    return ExampleForm(data, {}, prefix=None, auto_id="wrong_%s")


def components() -> dict[str, Any]:
    return {
        "states": ("overdue", "due_soon", "upcoming", "met", "met_late", "not_known", "not_applicable"),
        "strengths": ("must", "should", "power", "grant", "good", "local", "none"),
        "day": date(2026, 6, 29),
        "figures": [
            Figure("486", "on the roll", "3 came into care, 1 left since yesterday", "#"),
            Figure("17", "plans late", "331 of 486 done this term; 138 still to come", "#", alert=True),
            Figure("11", "without full-time education", "Longest: 36 school days (Yonas Tesfay)", "#", alert=True),
            Figure("91.4%", "attendance yesterday", "Last five school days 92.1%", "#"),
            Figure("3", "suspended today", "1 of them for the third time this year", "#"),
        ],
        "duty": Duty(
            "First review of the care plan within 20 working days",
            "must",
            "Care Planning Regulations 2010, reg 33(1)",
            [
                DutyRow(
                    "Ayaan Malik",
                    "Ruth Ellery (reviewing officer) to hold the review; date not set",
                    "Mon 23 November",
                    "overdue",
                    "Year 5 · in care since 26 October",
                    "1 working day late",
                    "#",
                ),
                DutyRow(
                    "Lacey Ogden",
                    "Ruth Ellery to hold the review, booked for Thu 26 November",
                    "Fri 27 November",
                    "due_soon",
                    "Year 8 · in care since 30 October",
                    "in 3 working days",
                    "#",
                ),
            ],
            more="4 more, by reviewing officer",
            more_url="#",
        ),
        "summary": [
            SummaryRow("Name", "Kai Bennett", [Action("Change", "#", "name")], source="From the social care system"),
            SummaryRow(
                "School", "No school place", [Action("Change", "#", "school"), Action("History", "#", "of schools")]
            ),
            SummaryRow("Year", "Year 10"),
        ],
        "words": Table(
            "School search for Kai",
            ["School", "Where it stands", "Journey"],
            [
                [Cell("Harbour Lane Academy", "#", "Eastmarch"), "Has Year 10 places", "18 min bus"],
                [Cell("Wexley Park School", small="Calderwick"), "Refused 16 November: year full", "40 min taxi"],
            ],
        ),
        "numbers": Table(
            "Load by adviser",
            [
                "Adviser",
                *(Column(name, number=True) for name in ("Children", "Plans done", "Plans late", "Not full time")),
            ],
            [
                [Cell("Priya Nair", "#"), 128, 91, 3, 3],
                [Cell("Tom Aldridge", "#"), 121, 71, 7, 3],
                [Cell("All", strong=True), *(Cell(n, strong=True) for n in (249, 162, 10, 6))],
            ],
            tight=True,
        ),
        "filter_form": FilterForm(),
        "tasks": [
            Task("School", "Not started", "#", "Maths, English and attendance still to fill", "grey"),
            Task("My views", "Completed", "#"),
            Task("Signing", "Cannot start yet"),
        ],
        "next_items": [
            NextItem(
                "Priya Nair (adviser) to secure new education for Kai",
                "by Mon 30 November, in 4 school days",
                "due_soon",
                "should",
                why=Why(
                    "should",
                    "Promoting the education of looked-after children (2018), page 11",
                    "https://www.gov.uk/government/publications/promoting-the-education-of-looked-after-children",
                    (
                        "Placed in an emergency on Friday 23 October 2026. That day is day 0.",
                        "Day 20 is Monday 30 November.",
                    ),
                    "16 school days counted, 4 to go",
                    count(date(2026, 10, 23), date(2026, 11, 30), TODAY, _skipped, prefix="why", unit="school days"),
                    ("placement record", "Eastmarch term dates"),
                    ("start date at a school",),
                    is_open=True,
                ),
            ),
            NextItem("Joe Kavanagh (social worker) to hold the plan review", "on Wed 2 December", "upcoming", "must"),
        ],
        "chips": [Chip("Year 10", "?"), Chip("No school place", "?")],
    }


def pictures() -> dict[str, Any]:
    return {
        "bars": _bars(),
        "timeline": _timeline(date(2023, 2, 20), date(2026, 12, 22), "kai"),
        "timeline_year": _timeline(date(2026, 9, 1), date(2026, 12, 22), "kaiyear"),
        "zoom": [Link("Since care began", "#", True), Link("2026/27", "#"), Link("2025/26", "#")],
        "count": count(
            date(2026, 10, 23),
            date(2026, 11, 30),
            TODAY,
            _skipped,
            prefix="count",
            unit="school days",
        ),
        "long_count": count(date(2026, 10, 2), date(2027, 1, 13), TODAY, _skipped, prefix="long", unit="school days"),
    }


def _skipped(day: date) -> str | None:
    if date(2026, 10, 26) <= day <= date(2026, 10, 30):
        return "half term"
    if date(2026, 12, 21) <= day <= date(2027, 1, 1):
        return "Christmas holiday"
    return "staff training" if day == date(2026, 11, 2) else None


def _bars() -> Any:
    return bars(
        [
            WeekRow("2 Nov", False, met=31, met_late=2, overdue=1, full_label="2 November 2026"),
            WeekRow("9 Nov", False, met=34, met_late=4, overdue=3, full_label="9 November 2026"),
            WeekRow("16 Nov", False, met=24, met_late=1, overdue=11, full_label="16 November 2026"),
            WeekRow("This week", True, met=6, due_soon=15, overdue=2, full_label="23 November 2026"),
            WeekRow("30 Nov", False, due_soon=28, upcoming=18, full_label="30 November 2026"),
            WeekRow("7 Dec", False, upcoming=44, full_label="7 December 2026"),
            WeekRow("14 Dec", False, upcoming=33, full_label="14 December 2026"),
        ],
        prefix="bars",
        what="plans",
        point="11 of the 36 due in the week of 16 November are overdue; 46 fall due in the week of 30 November.",
    )


def _timeline(start: date, end: date, prefix: str) -> Any:
    placed = date(2026, 10, 23)
    lanes = [
        Lane("Care", [Bar(date(2023, 3, 2), None, ("In care since 2 March 2023", "In care"), "care")]),
        Lane(
            "Legal status",
            [
                Bar(date(2023, 3, 2), date(2023, 4, 20), ("Section 20 agreement", "Section 20"), "soft"),
                Bar(date(2023, 4, 20), date(2023, 12, 14), ("Interim care order", "Interim"), "temporary"),
                Bar(date(2023, 12, 14), None, ("Care order, 14 December 2023", "Care order")),
            ],
        ),
        Lane(
            "Lives with",
            [
                Bar(date(2023, 3, 2), date(2023, 8, 11), ("Foster home, short stay", "Foster"), "soft"),
                Bar(
                    date(2023, 8, 11),
                    placed,
                    ("Foster home: Carol and Dean Whitaker, Calderwick", "C and D Whitaker", "Foster"),
                ),
                Bar(placed, None, ("Emergency foster home, Eastmarch", "Emergency home", "Emergency"), "temporary"),
            ],
        ),
        Lane(
            "School",
            [
                Bar(date(2023, 3, 2), date(2023, 7, 21), ("Birchfield Primary School", "Birchfield"), "soft"),
                Bar(date(2023, 9, 5), placed, ("Moorcroft High School", "Moorcroft High", "Moorcroft")),
                Bar(placed, None, ("No school place", "None"), "none"),
                Bar(date(2026, 12, 1), None, ("Harbour Lane Academy", "Harbour Lane"), "planned"),
            ],
        ),
    ]
    terms = ((2023, 3, 23), (2023, 7, 5), (2023, 11, 15), (2024, 3, 1), (2024, 6, 20), (2024, 11, 14),
             (2025, 3, 12), (2025, 7, 1), (2025, 11, 6), (2026, 3, 3), (2026, 6, 9))  # fmt: skip
    plans = [
        Dot(
            date(*day),
            letter := "N" if n in (0, 6, 10) else "G",
            "needs" if letter == "N" else "good",
            words="Plan review",
        )
        for n, day in enumerate(terms)
    ]
    plans.append(Dot(date(2026, 12, 2), "", "needs", planned=True, words="Plan review"))
    reviews = [Dot(date(2023, 3, 28) + timedelta(days=180 * n), "", "review", words="Care review") for n in range(8)]
    reviews.append(Dot(date(2026, 12, 10), "", "review", planned=True, words="Care review"))
    suspended = [
        Dot(date(2025, 11, 11), "2", "suspended", words="Suspended, 2 days"),
        Dot(date(2026, 6, 17), "1", "suspended", words="Suspended, 1 day"),
        Dot(date(2026, 10, 6), "3", "suspended", words="Suspended, 3 days"),
    ]
    attendance = [
        Attendance(date(2025, 9, 2), date(2025, 10, 24), 93),
        Attendance(date(2025, 11, 3), date(2025, 12, 19), 89),
        Attendance(date(2026, 1, 5), date(2026, 2, 13), 90),
        Attendance(date(2026, 2, 23), date(2026, 4, 1), 86),
        Attendance(date(2026, 4, 13), date(2026, 5, 22), 97),
        Attendance(date(2026, 6, 1), date(2026, 7, 21), 82),
        Attendance(date(2026, 9, 2), placed, 74),
        Attendance(date(2026, 11, 2), TODAY, None),
    ]
    years = [(f"{y}/{(y + 1) % 100} · Year {y - 2016}", date(y, 9, 1), date(y + 1, 8, 31)) for y in range(2022, 2027)]
    return timeline(
        lanes,
        [DotLane("Plans", plans), DotLane("Reviews", reviews), DotLane("Suspended", suspended)],
        prefix=prefix,
        today=TODAY,
        start=start,
        end=end,
        school_years=years,
        attendance=attendance,
        point="One long foster home and one school, both ended on 23 October 2026; then an emergency home and none.",
    )
