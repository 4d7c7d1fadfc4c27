"""Who may see what of a plan, as a table. The legal bases are cited; the rest is council policy and says so."""

from dataclasses import dataclass
from enum import StrEnum


class Reader(StrEnum):
    VIRTUAL_SCHOOL = "virtual_school"
    SOCIAL_WORKER = "social_worker"
    REVIEWING_OFFICER = "reviewing_officer"
    PERSONAL_ADVISER = "personal_adviser"
    DESIGNATED_TEACHER = "designated_teacher"
    NEXT_SCHOOL = "next_school"
    CARER = "carer"
    YOUNG_PERSON = "young_person"
    PARENT = "parent"
    OTHER_AUTHORITY = "other_authority"


R = Reader
CARE_TEAM = frozenset({R.VIRTUAL_SCHOOL, R.SOCIAL_WORKER, R.REVIEWING_OFFICER, R.PERSONAL_ADVISER})
SCHOOLS = frozenset({R.DESIGNATED_TEACHER, R.NEXT_SCHOOL})
EVERYONE = frozenset(Reader)

COPY_WORDS: dict[Reader, str] = {
    R.VIRTUAL_SCHOOL: "the virtual school",
    R.SOCIAL_WORKER: "the social worker",
    R.REVIEWING_OFFICER: "the independent reviewing officer",
    R.PERSONAL_ADVISER: "the personal adviser",
    R.DESIGNATED_TEACHER: "the designated teacher",
    R.NEXT_SCHOOL: "the next school",
    R.CARER: "the carer",
    R.YOUNG_PERSON: "the young person",
    R.PARENT: "a parent",
    R.OTHER_AUTHORITY: "another authority",
}


@dataclass(frozen=True, slots=True)
class Level:
    words: str
    readers: frozenset[Reader]
    source: str


_POLICY = "council policy; "
LEVELS: dict[str, Level] = {
    "shared": Level(
        "Education, attendance, targets, help and next steps",
        EVERYONE,
        "PEP-20 (CPR reg 6(3)): child, parent, reviewing officer, carer; DT-11 (PIR reg 9): the next school; "
        "INF-02: other authorities",
    ),
    "voice": Level(
        "What the child said and shared with everyone in the meeting",
        CARE_TEAM | SCHOOLS | {R.CARER, R.YOUNG_PERSON},
        _POLICY + "the child decides who reads each answer",
    ),
    "school": Level(
        "Which school the child goes to, and who works there",
        EVERYONE,
        "PEP-20; CPR reg 6(4): withheld from a parent where there is a risk of significant harm",
    ),
    "identity": Level(
        "Pupil number and the authority's own number",
        CARE_TEAM | SCHOOLS | {R.OTHER_AUTHORITY},
        _POLICY + "numbers are for those who match records",
    ),
    "home": Level(
        "Who cares for the child, and about living there; never where",
        CARE_TEAM | SCHOOLS | {R.CARER, R.YOUNG_PERSON},
        _POLICY + "INF-03: limited to those who need it; a parent may be kept from knowing the home",
    ),
    "family": Level(
        "Parents and relatives, contact and parental responsibility",
        CARE_TEAM | {R.DESIGNATED_TEACHER, R.CARER},
        _POLICY + "INF-03: limited to those who need it",
    ),
    "care": Level(
        "Care status, legal basis of care and the care plan's aim",
        CARE_TEAM | SCHOOLS | {R.CARER, R.YOUNG_PERSON},
        "VS-09, INF-03: those who need to know",
    ),
    "health": Level(
        "Health that matters in school",
        CARE_TEAM | SCHOOLS | {R.CARER, R.YOUNG_PERSON},
        "VS-10: enough information for the setting to support the child",
    ),
    "sdq": Level(
        "Scores of the strengths and difficulties questionnaire",
        CARE_TEAM,
        "HEA-02: the score is shared with the virtual school, by need to know; "
        + _POLICY
        + "others by permission",
    ),
    "money": Level(
        "Pupil premium plus and other money, with amounts",
        CARE_TEAM | SCHOOLS | {R.CARER},
        _POLICY + "amounts are for those who spend or agree them",
    ),
    "carers_notes": Level(
        "What the carer wrote",
        CARE_TEAM | {R.DESIGNATED_TEACHER, R.CARER},
        _POLICY + "adults' notes are for the adults of the meeting",
    ),
    "parents_notes": Level(
        "What a parent wrote",
        CARE_TEAM | {R.DESIGNATED_TEACHER, R.PARENT},
        _POLICY + "adults' notes are for the adults of the meeting",
    ),
    "adults_notes": Level(
        "The social worker's view, notes and disagreements of the meeting",
        CARE_TEAM | {R.DESIGNATED_TEACHER, R.CARER},
        _POLICY + "adults' notes are for the adults of the meeting",
    ),
    "quality": Level(
        "The virtual school's judgement of the plan, and the plan's own course",
        CARE_TEAM | {R.DESIGNATED_TEACHER},
        _POLICY + "feedback is for those who write the plan",
    ),
    "restricted": Level(
        "The legal stage of asylum, and custody: offence, sentence, release",
        CARE_TEAM,
        _POLICY + "INF-03: limited to those who need it; others by permission",
    ),
    "closed": Level(
        "What has no level yet",
        frozenset({R.VIRTUAL_SCHOOL, R.SOCIAL_WORKER, R.REVIEWING_OFFICER}),
        _POLICY + "open only to those who read every plan whole, until someone decides",
    ),
}

LEVEL_OF_SECTION: dict[str, str] = {
    "about_me": "closed",
    "about_me.preferred_name": "shared",
    "about_me.interests": "shared",
    "about_me.strengths": "shared",
    "about_me.language": "shared",
    "about_me.home_language": "shared",
    "about_me.interpreter": "shared",
    "front": "shared",
    "meeting": "shared",
    "meeting.notes": "adults_notes",
    "meeting.summary": "adults_notes",
    "meeting.disagreements": "adults_notes",
    "meeting.dissent": "adults_notes",
    "care": "care",
    "placement": "home",
    "home": "home",
    "carer": "carers_notes",
    "carers_view": "carers_notes",
    "carers_views": "carers_notes",
    "parent": "parents_notes",
    "parents_view": "parents_notes",
    "parents_views": "parents_notes",
    "contacts": "family",
    "permissions": "family",
    "family": "family",
    "health": "health",
    "wellbeing": "health",
    "sdq": "sdq",
    "agencies": "health",
    "education": "shared",
    "setting": "shared",
    "school": "school",
    "provision": "shared",
    "send": "shared",
    "sen": "shared",
    "history": "school",
    "attainment": "shared",
    "progress": "shared",
    "attendance": "shared",
    "exclusion": "shared",
    "exclusions": "shared",
    "voice": "voice",
    "views": "voice",
    "targets": "shared",
    "actions": "shared",
    "aspirations": "shared",
    "aspiration": "shared",
    "careers": "shared",
    "learning": "shared",
    "early_years": "shared",
    "post_16": "shared",
    "qualifications": "shared",
    "results": "shared",
    "transition": "shared",
    "next_step": "shared",
    "money": "money",
    "funding": "money",
    "pupil_premium": "money",
    "social_worker": "adults_notes",
    "social_workers_view": "adults_notes",
    "quality": "quality",
    "feedback": "quality",
    "asylum": "restricted",
    "unaccompanied": "restricted",
    "custody": "restricted",
    "documents": "quality",
}
"""Level by the start of a field's key; the longest that fits, ending at a dot or underscore, decides."""

# Whatever the section and level, a field whose key holds one of these words is never more open than this.
NEVER_WORDS = {"address", "addresses", "postcode", "uprn"}
GUARDED_WORDS = {
    "sdq": "sdq", "asylum": "restricted", "immigration": "restricted", "offence": "restricted",
    "sentence": "restricted", "remand": "restricted", "upn": "identity", "carer": "home", "carers": "home",
    "placement": "home", "parent": "family", "parents": "family", "contact": "family",
    "amount": "money", "cost": "money", "costs": "money",
}  # fmt: skip
ADVICE_WORDS = {"strategy", "strategies", "advice"}

LEVEL_OF_ROLE: dict[str, str] = {
    **dict.fromkeys(
        ("social worker", "virtual school head", "education adviser", "virtual school adviser",
         "independent reviewing officer", "reviewing officer", "personal adviser", "careers adviser",
         "social work manager", "educational psychologist"),
        "shared",
    ),
    **dict.fromkeys(
        ("designated teacher", "teacher", "class teacher", "form tutor", "key adult", "senco", "head teacher",
         "headteacher", "school", "teaching assistant", "colleague of the designated teacher"),
        "school",
    ),
    **dict.fromkeys(("carer", "foster carer", "key worker", "kinship carer", "residential worker"), "home"),
    **dict.fromkeys(
        ("parent", "mother", "father", "grandparent", "relative", "sibling", "person with parental responsibility"),
        "family",
    ),
    **dict.fromkeys(("child", "young person"), "shared"),
    "interpreter": "shared",
}  # fmt: skip
"""Level by the role of a person, in small letters; a role not here is closed."""
# Names at home and in the family are seen by more readers than how to reach them.
CONTACT_READERS: dict[str, frozenset[Reader]] = {
    "home": CARE_TEAM | {R.DESIGNATED_TEACHER, R.CARER},
    "family": CARE_TEAM | {R.DESIGNATED_TEACHER},
}
OPEN_DOCUMENTS = {"school_report", "exam_results", "certificate", "work_evidence"}
