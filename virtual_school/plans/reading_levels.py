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


_POLICY = "council policy: "
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
    "watched": Level(
        "What adults saw of a child who cannot be asked, and what they think it may mean",
        CARE_TEAM | {R.DESIGNATED_TEACHER},
        _POLICY + "the adults who work with the child read each other's sheets",
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
        CARE_TEAM | SCHOOLS | {R.CARER},
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
        "HEA-02: the score is shared with the virtual school, by need to know; " + _POLICY + "others by permission",
    ),
    "money": Level(
        "Pupil premium plus and other money, with amounts",
        CARE_TEAM | SCHOOLS | {R.CARER},
        _POLICY + "amounts are for those who spend or agree them",
    ),
    "own_money": Level(
        "Bursaries and payments that are the young person's own",
        CARE_TEAM | SCHOOLS | {R.CARER, R.YOUNG_PERSON},
        _POLICY + "it is their money",
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

LEVEL_OF_KEY: dict[str, str] = {
    "about_child": "care",
    "about_child.preferred_name": "shared",
    "about_child.legal_name": "shared",
    "about_child.born": "shared",
    "about_child.gender": "shared",
    "about_child.languages": "shared",
    "about_child.photographs": "shared",
    "about_child.upn": "identity",
    "about_child.local_id": "identity",
    "care": "care",
    "care.placement": "home",
    "care.in_area": "home",
    "people": "family",
    "people.social_worker": "shared",
    "people.team": "shared",
    "people.adviser": "shared",
    "people.reviewing_officer": "shared",
    "people.head": "shared",
    "people.designated_teacher": "school",
    "people.senco": "school",
    "people.carer": "home",
    "people.agencies": "health",
    "permissions": "family",
    "wellbeing": "health",
    "wellbeing.sdq_score": "sdq",
    "wellbeing.sdq_on": "sdq",
    "wellbeing.sdq_strategies": "health",
    "setting": "shared",
    "setting.name": "school",
    "setting.key_person": "school",
    "history": "school",
    "education": "shared",
    "education.school": "school",
    "education.key_adult": "school",
    "education.elsewhere": "school",
    "education.travel": "home",
    "no_school": "shared",
    "no_school.asked": "school",
    "no_school.now": "school",
    "sen": "shared",
    "small_steps": "shared",
    "small_steps.therapies": "health",
    "attendance": "shared",
    "attendance_after_16": "shared",
    "attainment_primary": "shared",
    "attainment_secondary": "shared",
    "early_progress": "shared",
    "progress": "shared",
    "qualifications": "shared",
    "options": "shared",
    "interests": "shared",
    "voice": "voice",
    "hopes": "voice",
    "next_step": "voice",
    "carer": "carers_notes",
    "parents": "adults_notes",
    "parents.views": "parents_notes",
    "social_worker_view": "adults_notes",
    "last_targets": "shared",
    "last_targets.feedback": "quality",
    "last_targets.feedback_done": "quality",
    "needs": "shared",
    "targets": "shared",
    "actions": "shared",
    "evidence": "shared",
    "pupil_premium": "money",
    "money_after_16": "own_money",
    "changes": "shared",
    "changes.move": "care",
    "transition": "shared",
    "transition.from_to": "school",
    "transition.application": "school",
    "transition.known_adult": "school",
    "meeting": "adults_notes",
    "meeting.child_there": "shared",
    "meeting.celebrate": "shared",
    "careers": "shared",
    "careers.applications": "school",
    "careers.offer": "school",
    "status": "shared",
    "seeking": "shared",
    "course": "shared",
    "course.provider": "school",
    "course.placement": "school",
    "employment": "shared",
    "employment.employer": "school",
    "unaccompanied": "care",
    "unaccompanied.arrived": "restricted",
    "unaccompanied.age_basis": "restricted",
    "custody": "restricted",
    "custody.education_lead": "care",
    "custody.hours_offered": "care",
    "custody.hours_attended": "care",
    "custody.still_on_roll": "care",
    "custody.plan_sent": "care",
    "custody.exams": "care",
    "agreement": "parents_notes",
    "light_needs": "shared",
    "light_support": "shared",
    "light_review": "shared",
}
"""Level by the start of a field's key; the longest that fits, ending at a dot or underscore, decides. A field named
here whole is decided; others in its section are still held back by the words below."""

# Never in a document for anyone, whatever the key.
NEVER_WORDS = {"address", "addresses", "postcode", "uprn"}
# A field not named whole above, with one of these words in its key, is never more open than this.
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
