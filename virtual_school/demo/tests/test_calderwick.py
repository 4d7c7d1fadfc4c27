"""The authority `virtual-school demo` makes by default, held against England's published figures."""

import csv
from collections import Counter
from datetime import date, timedelta
from statistics import fmean

import pytest
from django.db.models import F, Q

from virtual_school import shipped
from virtual_school.access.models import Membership, Role, User
from virtual_school.access.person import Person, person_of
from virtual_school.authorities.models import Authority
from virtual_school.care.actions import work_out_history
from virtual_school.care.models import CarePeriod, Episode, Placement, TwelveMonthOutcomes, UnaccompaniedChild
from virtual_school.children.identifiers import uln_fault, upn_fault
from virtual_school.children.models import Child, Involvement
from virtual_school.children.queries import involved
from virtual_school.dates.ages import age_on
from virtual_school.demo.actions import make
from virtual_school.demo.whole import CALDERWICK
from virtual_school.duties.models import StandingObligation
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.plans.asks import asks_of
from virtual_school.plans.models import Answer, Plan, RecordedPlan
from virtual_school.plans.opened import opened
from virtual_school.plans.writing import content_hash
from virtual_school.quality.marked import marked, of_checks
from virtual_school.quality.models import Moderation, Rating, SecondMark
from virtual_school.schools.models import DesignatedTeacher, Enrolment, School

from .world import CHILDREN, TODAY, InTheWorld, calderwick

made = calderwick


def england(measure: str) -> float:
    """A percentage of the local authority interactive tool for 2025 (data/stats)."""
    with shipped.open_text("stats/lait_cla_measures_2023_2025.csv") as file:
        return next(
            float(row["value"])
            for row in csv.DictReader(file)
            if row["measure"] == measure and row["area"] == "England" and row["period"] == "2025"
        )


@pytest.mark.usefixtures("world_of_the_class")
class Calderwick(InTheWorld):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.people = User.objects.count()
        cls.her = person_of(User.objects.get(name="Asha Khan", is_invented=True), on=TODAY)
        with acting(cls.her.claims):
            cls.asks = asks_of(cls.her, TODAY)
            cls.around = dict(involved(cls.her.user.pk, TODAY).values_list("child", "role"))
        cls.there_again = make(1, CHILDREN, "2026", TODAY), make(1, 30, "another", TODAY)

    def setUp(self) -> None:
        self.enterContext(acting(service(CALDERWICK)))

    def in_care(self):
        return CarePeriod.objects.filter(kind="looked_after", ends__isnull=True)

    def percentage(self, rows, **asked) -> float:
        return 100 * rows.filter(**asked).count() / rows.count()

    def homes(self):
        return Placement.objects.filter(ends__isnull=True, child__in=self.in_care().values("child"))

    def test_it_says_how_many_children_are_in_care_and_there_are_as_many(self):
        assert self.world[0] == {"code": str(CALDERWICK), "name": "Calderwick Council", "children": CHILDREN}
        assert self.in_care().count() == CHILDREN
        assert [(one["name"], one["children"]) for one in self.world[1:]] == [
            ("Thornbury Vale Borough Council", 7), ("Eastmarch County Council", 6),
        ]  # fmt: skip

    def test_a_second_call_makes_nothing_and_says_what_is_there(self):
        assert self.there_again == (self.world, self.world[:1])
        assert User.objects.count() == self.people

    def test_everybody_is_invented(self):
        assert not Authority.objects.filter(is_invented=False).exists()
        assert not User.objects.filter(is_invented=False).exists()
        assert not User.objects.exclude(Q(email__isnull=True) | Q(email__endswith=".example")).exists()
        assert not User.objects.exclude(password__startswith="!").exists()

    def test_where_children_live_is_as_in_england(self):
        for measure, places in {
            "LAC_Foster_Placements": ["U1", "U2", "U3", "U4", "U5", "U6"],
            "LAC_SecHome_And_ChildHome": ["K1", "K2"],
            "LAC_Ind_SInd_Liv_Arr": ["K3"],
            "LAC_Parents_OR_Others": ["P1"],
        }.items():
            with self.subTest(measure):
                assert abs(self.percentage(self.homes(), place__in=places) - england(measure)) < 2.5

    def test_as_many_live_far_away_as_in_england(self):
        far = Episode.objects.filter(
            ends__isnull=True, place_location="OUT", distance_miles__gt=20, child__in=self.in_care().values("child")
        )
        assert abs(100 * far.count() / CHILDREN - england("LACDistance")) < 5

    def test_as_many_had_three_placements_in_a_year_as_in_england(self):
        recent = Placement.objects.filter(child__in=self.in_care().values("child")).filter(
            Q(ends__isnull=True) | Q(ends__gt=TODAY - timedelta(days=365))
        )
        moved = [child for child, number in Counter(recent.values_list("child", flat=True)).items() if number >= 3]
        assert abs(100 * len(moved) / CHILDREN - england("LACStable_2016on")) < 3

    def test_as_many_are_twelve_months_in_care_as_in_england(self):
        """58,530 of 81,770 on 31 March 2025 (data/stats, health and numbers)."""
        share = self.percentage(self.in_care(), starts__lte=TODAY - timedelta(days=365))
        assert abs(share - 100 * 58_530 / 81_770) < 3

    def test_as_many_arrived_alone_as_in_england(self):
        """6,540 of 81,770 (domain figures for 31 March 2025)."""
        alone = UnaccompaniedChild.objects.filter(child__in=self.in_care().values("child")).count()
        assert abs(100 * alone / CHILDREN - 8) < 1

    def test_scores_are_as_in_england(self):
        scores = list(TwelveMonthOutcomes.objects.exclude(sdq_score=None).values_list("sdq_score", flat=True))
        assert abs(sum(scores) / len(scores) - england("Emotional_LAC")) < 1.2
        assert abs(100 * sum(score >= 17 for score in scores) / len(scores) - 42) < 7

    def test_histories_are_what_the_episodes_make_them(self):
        assert work_out_history(CALDERWICK) == set()

    def test_episodes_follow_one_another(self):
        rows = Episode.objects.order_by("child", "starts").values_list("child", "starts", "ends", "end_reason")
        ended: dict[int, tuple[date | None, str]] = {}
        for child, starts, ends, reason in rows:
            if child in ended:
                before, why = ended[child]
                assert before == starts and why == "X1"
            assert (ends is None) == (reason == "")
            ended[child] = (ends, reason)

    def test_nobody_is_in_care_before_birth_or_after_the_eighteenth_birthday(self):
        for born, starts in self.in_care().filter(child__born__isnull=False).values_list("child__born", "starts"):
            assert born <= starts <= TODAY
            assert age_on(born, TODAY) < 18

    def test_pupil_numbers_are_right_but_for_a_few_with_a_wrong_letter(self):
        faults = [upn_fault(upn) for upn in Child.objects.exclude(upn="").values_list("upn", flat=True)]
        wrong = [fault for fault in faults if fault]
        assert 0 < len(wrong) <= len(faults) / 100
        assert {fault.kind for fault in wrong} == {"wrong check letter"}
        assert Child.objects.exclude(upn="").filter(upn_missing_why__gt="").count() == 0

    def test_learner_numbers_are_right(self):
        assert not [uln for uln in Child.objects.exclude(uln="").values_list("uln", flat=True) if uln_fault(uln)]

    def test_children_are_at_open_schools_that_take_their_age(self):
        now = Enrolment.objects.filter(ends__isnull=True, school__high_age__gt=0, child__born__isnull=False)
        assert now.count() > 600
        for born, low, high in now.values_list("child__born", "school__low_age", "school__high_age"):
            assert low - 1 <= age_on(born, TODAY) <= high
        urns = set(now.values_list("school", flat=True))
        assert not School.objects.filter(urn__in=urns, status_code="2").exists()

    def test_every_school_with_a_pupil_has_a_designated_teacher(self):
        with_pupils = set(
            Enrolment.objects.filter(ends__isnull=True, school__isnull=False).values_list("school", flat=True)
        )
        assert with_pupils <= set(DesignatedTeacher.objects.values_list("school", flat=True))

    def test_each_child_in_care_has_people_around_them(self):
        for role in (Role.SOCIAL_WORKER, Role.REVIEWING_OFFICER, Role.ADVISER):
            around = Involvement.objects.filter(role=role, child__in=self.in_care().values("child"))
            assert around.values("child").distinct().count() == CHILDREN

    def test_every_role_is_held_by_somebody_who_can_sign_in(self):
        can = Membership.objects.filter(user__email__isnull=False).values_list("role", flat=True)
        assert set(Role.values) == set(can)

    def test_a_few_records_lack_something(self):
        assert Child.objects.filter(born__isnull=True).exists()
        assert Child.objects.filter(ethnicity="").exists()
        assert Child.objects.filter(upn="", upn_missing_why="").exists()
        assert Placement.objects.filter(in_area__isnull=True).exists()

    def test_the_walk_through_is_as_it_is_told(self):
        for surname, duty, due_on in (
            ("Bennett", "SCH-04", date(2026, 11, 30)),
            ("Malik", "REV-03", date(2026, 11, 23)),
            ("Ogden", "REV-03", date(2026, 11, 27)),
            ("Sutcliffe", "PEP-02", date(2026, 11, 20)),
        ):
            with self.subTest(surname):
                child = Child.objects.filter(surname=surname).earliest("id")
                found = StandingObligation.objects.get(child=child, duty=duty, state="open")
                assert found.due_on == due_on

    def test_the_sister_and_brother_just_in_care_live_together(self):
        homes = Placement.objects.filter(child__surname="Reeve", starts=TODAY - timedelta(days=1))
        assert [home.child.forename for home in homes.order_by("child__forename")] == ["Maddison", "Tyler"]
        assert len(set(homes.values_list("carer", "postcode"))) == 1

    def test_some_plans_are_booked_and_none_is_signed_in_the_future(self):
        assert not Child.objects.filter(recordedplans__signed_off_on__gt=TODAY).exists()
        assert not Child.objects.filter(recordedplans__signed_off_on__lt=F("recordedplans__meeting_on")).exists()
        assert Plan.objects.filter(meeting_on__gt=TODAY, meetings__state="planned").exists()
        assert not Plan.objects.filter(Q(submitted_on__gt=TODAY) | Q(submitted_on__lt=F("meeting_on"))).exists()

    def test_this_terms_plans_stand_in_every_state_and_those_before_are_done(self):
        now = Plan.objects.filter(term="2026/27-autumn")
        assert set(now.values_list("state", flat=True)) == {
            "open", "in_progress", "ready_for_meeting", "meeting_held", "awaiting_signoff", "submitted", "in_qa",
            "returned", "approved", "published", "closed_moved", "closed_left_care", "closed_18",
        }  # fmt: skip
        before = Plan.objects.exclude(term="2026/27-autumn")
        assert set(before.values_list("term", "state")) == {
            ("2025/26-spring", "published"), ("2025/26-spring", "superseded"),
            ("2025/26-summer", "published"), ("2025/26-summer", "superseded"),
        }  # fmt: skip
        assert not now.filter(state="returned", returned_why="").exists()
        assert not now.filter(state="returned").exclude(plansections__is_named_in_return=True).exists()

    def test_no_term_of_a_child_is_both_recorded_and_written(self):
        written = set(Plan.objects.values_list("child", "term"))
        assert not written & set(RecordedPlan.objects.values_list("child", "term"))

    def test_what_is_written_varies_from_child_to_child(self):
        for key in ("progress.strengths", "hopes.aim", "needs.now", "meeting.summary"):
            with self.subTest(key):
                texts = Answer.objects.filter(field_key=key).values_list("value", flat=True)
                assert len(set(texts)) > min(25, len(texts) / 12)
        typed = Answer.objects.filter(source="typed", value__contains="{")
        assert not [value for value in typed.values_list("value", flat=True) if isinstance(value, str) and "{" in value]

    def test_signatures_are_for_what_stands_in_the_plan(self):
        waiting = Plan.objects.filter(state__in=["awaiting_signoff", "submitted"])[:8]
        for plan in waiting:
            assert set(plan.signatures.exclude(role="carer").values_list("content_hash", flat=True)) <= {
                content_hash(plan)
            }

    def test_signed_plans_have_nothing_left_to_fill_in(self):
        user = User.objects.get(name="Helen Marsden", email__endswith="calderwick.example")
        person = Person(user, tuple(Membership.objects.filter(user=user)))
        for plan in Plan.objects.filter(state__in=["submitted", "published"], term="2026/27-autumn")[:25]:
            left = opened(plan, plan.child, person).left("before_submit")
            assert not left, [field.key for field in left]

    def test_the_people_of_the_walk_through_have_plans_waiting(self):
        for name, state in (("Asha Khan", "in_progress"), ("Joe Kavanagh", "in_progress"), ("Priya Nair", "submitted")):
            with self.subTest(name):
                around = Involvement.objects.filter(person__name=name, ends__isnull=True).values("child")
                assert Plan.objects.filter(child__in=around, state=state).exists()

    def test_one_teacher_has_pupils_of_three_councils_and_helps_a_colleague_with_one(self):
        assert self.her.role == Role.DESIGNATED_TEACHER
        assert {ask.authority_name for ask in self.asks} == {
            "Calderwick Council", "Thornbury Vale Borough Council", "Eastmarch County Council",
        }  # fmt: skip
        helped = [ask for ask in self.asks if str(Role.DELEGATE) in self.around[ask.child.pk]]
        assert [ask.child.name for ask in helped] == ["Ella Dunmore"]

    def test_plans_are_rated_marked_again_and_talked_over(self):
        finished = Rating.objects.filter(kind="check", finished_at__isnull=False)
        assert set(finished.values_list("term", flat=True)) == {"2025/26-spring", "2025/26-summer", "2026/27-autumn"}
        assert finished.values("rater").distinct().count() >= 3
        assert finished.filter(round=2, is_last=True).exists()
        for rating in finished.filter(is_last=True, outcome="approved").select_related("plan")[:60]:
            assert rating.plan.rating == rating.results.get(side="school").label
            assert not rating.plan.answers.filter(by_id=rating.rater_id, source="typed").exists()
        assert not Rating.objects.filter(finished_on__gt=TODAY).exists()
        again = SecondMark.objects.filter(finished_at__isnull=False)
        assert again.exists() and not again.filter(marker=F("first__rater")).exists()
        assert SecondMark.objects.filter(finished_at__isnull=True, marker__name="Priya Nair").exists()
        assert Moderation.objects.get().plans.filter(discussed_at__isnull=False).count() >= 4

    def test_one_school_gets_better_from_term_to_term(self):
        schools = Counter(
            Plan.objects.filter(ratings__is_last=True, school__isnull=False).values_list("school", flat=True)
        )
        strength = [
            fmean(
                one.share for one in marked(of_checks(CALDERWICK, [term], [schools.most_common(1)[0][0]]), first=False)
            )
            for term in ("2025/26-spring", "2025/26-summer", "2026/27-autumn")
        ]
        assert strength == sorted(strength) and strength[-1] - strength[0] > 0.2
