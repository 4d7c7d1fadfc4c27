"""Council policy in words: each choice's label, hint, bounds, and the entries of the register it belongs to."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from virtual_school.design.dates import in_full

from .rules import Policy

YES_NO = ((True, "Yes"), (False, "No"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyWords:
    """`is_target` marks a local target, which asks something of people; the rest settle how law is counted.

    A choice has `options`, a number its `unit` and bounds, and what has neither is a date.
    """

    name: str
    section: str
    label: str
    hint: str = ""
    duties: tuple[str, ...] = ()
    is_target: bool = False
    options: tuple[tuple[Any, str], ...] = ()
    unit: str = ""
    least: int | None = None
    most: int | None = None

    @property
    def default(self) -> Any:
        return getattr(Policy(), self.name)

    @property
    def default_in_words(self) -> str:
        return self.in_words(self.default)

    def value_of(self, text: str) -> Any:
        return next(value for value, _ in self.options if str(value) == text)

    def in_words(self, value: Any) -> str:
        if value is None:
            return "Not set"
        if isinstance(value, date):
            return in_full(value)
        if self.options:
            return next(words for option, words in self.options if option == value)
        unit = self.unit.removesuffix("s") if value == 1 else self.unit
        return f"{value} {unit}".strip()


COUNTING, PLANS = "How days are counted", "Personal education plans"
ATTENDANCE = "Attendance and exclusion"
OTHER, FUTURE = "Health, roll and returns", "Not yet in force"

FIELDS = (
    PolicyWords(
        name="soon_working_days",
        section=COUNTING,
        label="When does something count as due soon?",
        hint="This many working days before it is due. It decides colours and lists, no deadline.",
        unit="working days",
        least=0,
        most=60,
    ),
    PolicyWords(
        name="event_day_counts",
        section=COUNTING,
        label="Is the day of the event day 1?",
        hint="The regulations do not say. By default it is day 0: counting starts on the day after.",
        duties=("PEP-02", "REV-03", "SCH-04", "SCH-10", "UAS-02"),
        options=YES_NO,
    ),
    PolicyWords(
        name="entry_when_unknown",
        section=COUNTING,
        label="How is a placement counted that is not known to be planned or an emergency?",
        hint="The statutory return does not say which it was. Counting it as an emergency sets the earlier day.",
        duties=("PEP-02", "SCH-04"),
        options=(("emergency", "As an emergency"), ("planned", "As planned")),
    ),
    PolicyWords(
        name="short_break_series_gap_months",
        section=COUNTING,
        label="Which short breaks belong to one series?",
        hint="Stays no further apart than this many months.",
        duties=("REV-03", "REV-04"),
        unit="months",
        least=1,
        most=24,
    ),
    PolicyWords(
        name="pep_from_age",
        section=PLANS,
        label="From which birthday is a plan expected?",
        hint="Councils differ: from 2 or from 3 is seen. Compulsory school age, soon after 5, is the latest.",
        duties=("PEP-17", "PEP-01"),
        unit="years",
        least=0,
        most=5,
    ),
    PolicyWords(
        name="pep_until",
        section=PLANS,
        label="Until when?",
        hint="Some councils go on with the plan to the end of Year 13.",
        duties=("PEP-17",),
        options=(("18th birthday", "The 18th birthday"), ("end of year 13", "The end of Year 13")),
    ),
    PolicyWords(
        name="pep_when_placed_for_adoption",
        section=PLANS,
        label="Is a plan made for a child placed for adoption?",
        hint="The regulations ask for none; the guidance still expects one.",
        duties=("PEP-01",),
        options=YES_NO,
    ),
    PolicyWords(
        name="pep_for_remand_only",
        section=PLANS,
        label="Is a plan made for a child looked after only by remand to youth detention?",
        hint="The regulations ask for none; the guidance still expects one.",
        duties=("PEP-01", "CUS-06"),
        options=YES_NO,
    ),
    PolicyWords(
        name="pep_begun_before_care_days",
        section=PLANS,
        label="How long before care may a plan have been begun?",
        hint="A plan begun earlier than this many days before a child came into care belongs to an earlier time.",
        duties=("PEP-01", "PEP-02"),
        unit="days",
        least=0,
        most=365,
    ),
    PolicyWords(
        name="pep_late_entry_weeks",
        section=PLANS,
        label="Who comes in too late for this term’s review?",
        hint="A child who comes into care in a term’s last weeks has the termly review in the next. 0: nobody.",
        duties=("PEP-08",),
        unit="weeks",
        least=0,
        most=12,
    ),
    PolicyWords(
        name="pep_cutoff_school_days_before_term_end",
        section=PLANS,
        label="By when in a term must the review be held?",
        hint="So many school days before the term’s last. 0: by the last school day, as the guidance has it.",
        duties=("PEP-08",),
        is_target=True,
        unit="school days",
        least=0,
        most=60,
    ),
    PolicyWords(
        name="exclusion_told_school_days",
        section=ATTENDANCE,
        label="How soon is everybody told of a suspension or exclusion?",
        hint="The law says without delay and sets no number. 1: on the same or the next school day.",
        duties=("EXC-01", "EXC-02", "EXC-03", "EXC-04"),
        is_target=True,
        unit="school days",
        least=0,
        most=10,
    ),
    PolicyWords(
        name="exclusion_checked_working_days",
        section=ATTENDANCE,
        label="How soon does the virtual school check a suspension or exclusion?",
        duties=("EXC-11",),
        is_target=True,
        unit="working days",
        least=1,
        most=30,
    ),
    PolicyWords(
        name="attendance_known_school_days",
        section=ATTENDANCE,
        label="How old may the last mark held of a child be?",
        duties=("ATT-07",),
        is_target=True,
        unit="school days",
        least=1,
        most=30,
    ),
    PolicyWords(
        name="marks_chased_school_days",
        section=ATTENDANCE,
        label="How far back is a school asked for missing marks?",
        duties=("ATT-07",),
        unit="school days",
        least=1,
        most=60,
    ),
    PolicyWords(
        name="sdq_from_age",
        section=OTHER,
        label="From which age is the strengths and difficulties questionnaire asked for?",
        hint="The statutory return asks for ages 4 to 16. A council may ask for more ages, not for fewer.",
        duties=("HEA-01",),
        unit="years",
        least=0,
        most=4,
    ),
    PolicyWords(
        name="sdq_to_age",
        section=OTHER,
        label="To which age?",
        hint="This age is included.",
        duties=("HEA-01",),
        unit="years",
        least=16,
        most=24,
    ),
    PolicyWords(
        name="roll_check_days",
        section=OTHER,
        label="How long ago may a child’s place on the roll have been checked?",
        duties=("VS-08",),
        is_target=True,
        unit="days",
        least=1,
        most=366,
    ),
    PolicyWords(
        name="liaison_working_days",
        section=OTHER,
        label="How soon is another area’s virtual school spoken with after a placement there?",
        duties=("SCH-10",),
        is_target=True,
        unit="working days",
        least=1,
        most=60,
    ),
    PolicyWords(
        name="return_loaded_within_months",
        section=OTHER,
        label="How soon after 31 March is the statutory return loaded here?",
        duties=("RPT-01",),
        is_target=True,
        unit="months",
        least=1,
        most=12,
    ),
    PolicyWords(
        name="kin_start_date",
        section=FUTURE,
        label="On which day did the duty to children with a social worker or in kinship care start?",
        hint="Leave empty until regulations fix the day. It was not in force at last sight.",
        duties=("KIN-01", "KIN-02", "KIN-03", "KIN-04", "KIN-09"),
    ),
)
