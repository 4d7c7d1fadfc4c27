"""A full plan document for tests: invented people, with words that must not be where they do not belong."""

from datetime import date, time

from virtual_school.plans.document import (
    ActionPart,
    AttendeePart,
    ChildHead,
    ColumnPart,
    CostPart,
    DocumentPart,
    FieldPart,
    MeetingPart,
    PersonLine,
    PlanDocument,
    PlanHead,
    SectionPart,
    SignaturePart,
    TargetPart,
)

ADDRESS = "17 Canary Terrace"
SCORE = "23 of 40"
ASYLUM = "substantive interview booked"


def maisies() -> PlanDocument:
    return PlanDocument(
        plan=PlanHead(
            id="7c0e6f1e-5f0a-4a44-9a39-2f0d94a3f0aa",
            term="2026/27-autumn",
            term_words="autumn term 2026",
            phase="secondary",
            kind="review",
            state="approved",
            version=2,
            template_name="Secondary plan",
            template_version="3",
            due_on=date(2026, 12, 18),
            meeting_on=date(2026, 11, 12),
            submitted_on=date(2026, 11, 20),
            approved_on=date(2026, 11, 24),
            rating="Good",
            authority_name="Calderwick Council",
            authority_code=999,
            head_name="Helen Marsh",
            head_contact="virtualschool@calderwick.example",
        ),
        child=ChildHead(
            local_id="C-10442",
            name="Maisie Anne Thornton",
            preferred_name="Maisie Thornton",
            born=date(2012, 10, 3),
            upn="A999000110042",
            year_group=9,
            school="Moorcroft High School",
            urn=999104,
        ),
        people=(
            PersonLine(name="Joe Kavanagh", role="Social worker", organisation="Calderwick Council",
                       contact="01999 496 0101"),
            PersonLine(name="Asha Khan", role="Designated teacher", organisation="Moorcroft High School",
                       contact="a.khan@moorcroft.example"),
            PersonLine(name="Sue Palmer", role="Foster carer", contact="07700 900 123"),
            PersonLine(name="Dawn Thornton", role="Mother", contact="07700 900 456"),
            PersonLine(name="Ruth Ellery", role="Independent reviewing officer", organisation="Calderwick Council"),
        ),
        sections=(
            SectionPart(key="voice", title="What Maisie says", owner="young_person", owner_words="Maisie",
                        fields=(
                FieldPart(key="voice.best", label="What is going well?", kind="long_text",
                          value="I read better when it’s about animals. I hate reading out loud. ⚽",
                          words="I read better when it’s about animals. I hate reading out loud. ⚽"),
                FieldPart(key="voice.worry", label="What would you change?", kind="long_text"),
            )),
            SectionPart(key="education", title="School", owner="designated_teacher", owner_words="Asha Khan",
                        fields=(
                FieldPart(key="education.enrolled_on", label="On roll since", kind="date", value="2024-09-03",
                          words="3 September 2024", source="the national register"),
                FieldPart(key="sen.status", label="Special educational needs", kind="choice",
                          value="support", words="SEN support: speech and language", statutory=("C4",)),
                FieldPart(key="education.device", label="Computer and internet at home", kind="yes_no", value=True),
                FieldPart(key="education.clubs", label="Clubs", kind="text",
                          reason_if_blank="no club runs on a day Maisie can stay"),
                FieldPart(key="education.presentation", label="How Maisie is in school", kind="long_text",
                          words="Settled since the summer. Chooses to sit at the front in English and helps in the "
                          "library on Fridays.\n\nFinds Mondays after contact hard; a quiet start with Mrs Iqbal "
                          "helps. Lives well with Sue Palmer."),
            )),
            SectionPart(key="attainment_secondary", title="Progress", owner="designated_teacher",
                        owner_words="Asha Khan", note="Judged on 6 November 2026", fields=(
                FieldPart(key="attainment_secondary.subjects", label="Subjects", kind="table", columns=(
                    ColumnPart(key="subject", label="Subject"),
                    ColumnPart(key="start", label="Started at"),
                    ColumnPart(key="now", label="Now"),
                    ColumnPart(key="target", label="Target"),
                    ColumnPart(key="track", label="On track?"),
                    ColumnPart(key="comment", label="Comment"),
                ), value=[
                    {"subject": "English", "start": "3.2", "now": "3.8", "target": "4.2", "track": "Just below",
                     "comment": "Reading age 10 years 7 months; speaks up more in pairs than in class."},
                    {"subject": "Maths", "start": "3.5", "now": "4.1", "target": "4.1", "track": "On track",
                     "comment": "Fractions secure."},
                    {"subject": "Science", "start": "3.4", "now": "3.6", "target": "4.0", "track": "Below",
                     "comment": "Missed the practicals in October."},
                ]),
            )),
            SectionPart(key="attendance", title="Attendance", owner="designated_teacher", owner_words="Asha Khan",
                        fields=(
                FieldPart(key="attendance.rate", label="Attendance this term", kind="percent", value=94.2),
                FieldPart(key="attendance.plan", label="What is being done", kind="text",
                          words="Mrs Iqbal meets Maisie at the gate on Mondays."),
            )),
            SectionPart(key="wellbeing", title="Wellbeing", owner="social_worker", owner_words="Joe Kavanagh",
                        fields=(
                FieldPart(key="wellbeing.sdq_score", label="Strengths and difficulties score", kind="number",
                          value=23, words=SCORE),
                FieldPart(key="wellbeing.sdq_strategies", label="What helps Maisie in school", kind="long_text",
                          words="Say what comes next. Offer two choices. Give five minutes out before it is too much."),
                FieldPart(key="wellbeing.address", label="Address", kind="text", words=ADDRESS, value=ADDRESS),
            )),
            SectionPart(key="unaccompanied", title="Asylum", owner="social_worker", fields=(
                FieldPart(key="unaccompanied.age_basis", label="Legal stage", kind="choice", words=ASYLUM),
            )),
            SectionPart(key="carer", title="What Sue says", owner="carer", owner_words="Sue Palmer", fields=(
                FieldPart(key="carer.home", label="Learning at home", kind="long_text",
                          words="We read together most nights. She worries on Sundays."),
            )),
        ),
        targets=(
            TargetPart(number=1, category="reading", status="agreed",
                       outcome="Read a chapter on her own and tell an adult what happened and why.",
                       how="20 minutes with Mrs Iqbal in the library, Tuesday and Thursday, before registration. "
                       "Maisie picks the book.",
                       who="Mrs Iqbal; Sue Palmer listens at home on Sundays", due_on=date(2027, 3, 26),
                       baseline="Reading age 10 years 7 months", measure="Reading test in March",
                       success="Reading age 11 years 3 months", why="It opens every other subject.",
                       childs_words="I read better when it’s about animals.",
                       cost_lines=(
                           CostPart(fund="pupil_premium_plus", category="tuition", what="Reading tutor, 10 sessions",
                                    amount_pence=32000, per="term", provider="Page Turners",
                                    starts=date(2027, 1, 5), ends=date(2027, 3, 26),
                                    intended_impact="Seven months’ gain in reading age"),
                           CostPart(fund="pupil_premium_plus", category="resources", what="Animal stories",
                                    amount_pence=4550, per="once", intended_impact="Books she chooses"),
                       )),
            TargetPart(number=2, category="wellbeing", outcome="Come in calmly on Mondays.", status="under_way",
                       how="Mrs Iqbal at the gate at 8:35; ten quiet minutes in the library.", who="Mrs Iqbal",
                       due_on=date(2026, 12, 18), success="No late mark on a Monday for six weeks"),
        ),
        meeting=MeetingPart(
            on=date(2026, 11, 12), at=time(14, 30), place="Moorcroft High School, room 4", mode="mixed",
            chair="Asha Khan", note_taker="Joe Kavanagh",
            attendees=(
                AttendeePart(name="Maisie Thornton", role="Young person", invited=True, attended=True),
                AttendeePart(name="Asha Khan", role="Designated teacher", organisation="Moorcroft High School",
                             invited=True, attended=True),
                AttendeePart(name="Sue Palmer", role="Foster carer", invited=True, attended=False,
                             apology="at work", contribution="Sent her views on paper"),
            ),
            notes="Began with Maisie’s certificate for the library. Sue Palmer will ask about the bus.",
            decisions=("The reading group goes on after Christmas.", "Maisie may leave lessons five minutes early."),
            dissent="Joe Kavanagh would have liked tuition at home.",
            next_on=date(2027, 3, 10),
        ),
        actions=(
            ActionPart(what="Find a tutor for reading", who="Asha Khan", due_on=date(2026, 12, 4)),
            ActionPart(what="Order three books", who="Mrs Iqbal", due_on=date(2026, 11, 20),
                       done_on=date(2026, 11, 18), outcome="Two arrived"),
        ),
        signatures=(
            SignaturePart(role="designated_teacher", name="Asha Khan", on=date(2026, 11, 20), hash="9f86d081884c7d65"),
        ),
        documents=(DocumentPart(kind="school_report", name="Autumn report", on=date(2026, 11, 6)),),
        history=("Opened on 7 September 2026.", "Approved by Helen Marsh on 24 November 2026."),
    )  # fmt: skip
