"""Duties met by an act that no return tells of: somebody records that it was done."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recordable:
    """What the form asks. `done` completes "… for Kai"."""

    question: str
    done: str


RECORDABLE = {
    "VS-08": Recordable("When was this entry on the roll checked?", "check of the roll"),
    "SCH-10": Recordable("When did you speak with the other area’s virtual school and the school?", "liaison"),
    "PEP-04": Recordable("When was the plan made for a child without a school place?", "plan without a school place"),
    "P16-02": Recordable("When were the needs for the pathway plan assessed?", "assessment for the pathway plan"),
    "P16-04": Recordable("When were the needs of this relevant child assessed?", "assessment of a relevant child"),
    "P16-05": Recordable("When was the pathway plan reviewed?", "review of the pathway plan"),
}
