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
    "ATT-03": Recordable(
        "When were the social worker and the virtual school told of the absence?", "notice of an absence"
    ),
    "ATT-05": Recordable("When was the plan for persistent absence agreed?", "plan for persistent absence"),
    "ATT-06": Recordable("When was the joint plan for severe absence agreed?", "joint plan for severe absence"),
    "ATT-11": Recordable("When was the absence reported to the council?", "attendance return"),
    "ATT-12": Recordable("When was the sickness reported to the council?", "sickness return"),
    "ATT-14": Recordable("When was it decided what helps instead of a notice?", "decision about a penalty notice"),
    "P16-02": Recordable("When were the needs for the pathway plan assessed?", "assessment for the pathway plan"),
    "P16-04": Recordable("When were the needs of this relevant child assessed?", "assessment of a relevant child"),
    "P16-05": Recordable("When was the pathway plan reviewed?", "review of the pathway plan"),
}
