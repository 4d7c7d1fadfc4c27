"""What a personal education plan holds by law and guidance: C1 to C28 of the register of duties, section 19."""

from dataclasses import dataclass

REGULATIONS = "Care Planning, Placement and Case Review (England) Regulations 2010"
GUIDANCE = "Promoting the education of looked-after children and previously looked-after children (2018)"


@dataclass(frozen=True, slots=True)
class Content:
    number: str
    words: str
    strength: str
    """"must", "should" or "good", as in the register of duties."""

    citation: str
    so_far_as_practicable: bool = False
    """Asked "so far as reasonably practicable" (regulation 5(1)(b)(ii)): a blank stands with a reason."""

    is_verified: bool = True
    """False: the citation is recalled, not read."""


def _must(number: str, words: str, paragraph: str) -> Content:
    return Content(number, words, "must", f"{REGULATIONS}, Schedule 1 {paragraph}", so_far_as_practicable=True)


def _should(number: str, words: str, page: str = "p15", *, is_verified: bool = True) -> Content:
    return Content(number, words, "should", f"{GUIDANCE}, {page}", is_verified=is_verified)


CONTENTS: dict[str, Content] = {
    content.number: content
    for content in (
        _must("C1", "Education and training so far: the places attended", "paragraph 2(1)"),
        _must("C2", "Records of attendance and conduct", "paragraph 2(1)"),
        _must("C3", "Academic and other achievements", "paragraph 2(1)"),
        _must("C4", "Special educational needs, if any", "paragraph 2(1)"),
        _must("C5", "Present arrangements, with any provision for particular needs", "paragraph 2(2)"),
        _must("C6", "Planned changes, and how disruption is kept small", "paragraph 2(3)"),
        _must("C7", "Leisure interests", "paragraph 2(4)"),
        _must("C8", "The carer's part in achievement and leisure", "paragraph 2(5)"),
        Content(
            "C9", "The child's wishes and feelings, and other people's", "must", f"{REGULATIONS}, regulation 5(1)(e)"
        ),
        _should("C10", "Early years: nursery or other good provision for age and need"),
        _should("C11", "Catch-up support and interventions that work"),
        _should("C12", "Suitable education at once when out of school"),
        _should("C13", "Support through moves and changes"),
        _should("C14", "Attendance, and behaviour support where needed"),
        _should("C15", "Support for academic aims: expected progress, suitable qualifications"),
        _should("C16", "Careers advice, and what further learning, training and work cost and pay"),
        _should("C17", "Long-term aims: exams, further and higher education, work experience, career"),
        _should("C18", "Learning, study support and activities out of school", is_verified=False),
        _should("C19", "Developmental and educational needs, short and long term"),
        _should("C20", "Short-term targets, with a measure of progress for each need"),
        _should("C21", "Actions, each with a person and a date"),
        _should("C22", "Pupil premium: eligibility, and how it backs the targets", "p15 and p19"),
        _should("C23", "Links to the education, health and care plan and other plans"),
        _should("C24", "A lasting record of experience, progress and achievement"),
        _should("C25", "Review of the last targets, and what worked", "p16 to 18", is_verified=False),
        _should("C26", "Strengths and difficulties score and mental health, where relevant", "p29 to 30"),
        Content(
            "C27",
            "Named contacts: social worker, designated teacher, adviser, reviewing officer, carer, SENCO",
            "good",
            "Practice; the placement plan also names the designated teacher",
        ),
        Content(
            "C28",
            "Name and contact details of the virtual school head",
            "must",
            f"{REGULATIONS}, Schedule 1 paragraph 2(2), with words added by SI 2013/706 regulation 7",
            so_far_as_practicable=True,
        ),
    )
}
