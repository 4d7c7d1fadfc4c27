"""The pages of signing, checking, sharing and closing, by role."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from virtual_school.authorities.models import Authority
from virtual_school.plans.document_format import to_json
from virtual_school.plans.models import Addendum, Answer, CopySent, Meeting, Plan, PlanCopy, PlanSection, Signature

from .closing_world import approves_without_rating, around, to_state
from .pdf_text import text_of as words_of
from .plan_documents import maisies
from .writing_world import TODAY, World


@pytest.fixture
def world(made_world: World, settings: Any, tmp_path: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def text_of(response: Any) -> str:
    return response.content.decode()


def state_of(world: World) -> str:
    return world.plan("maisie").state


def test_from_signing_to_sharing_by_the_pages(world: World) -> None:
    to_state(world, "maisie", "meeting_held")
    teacher, worker, adviser = (world.client(who) for who in ("teacher", "social worker", "adviser"))
    url = world.url("maisie")
    assert "Put forward to be signed" in text_of(teacher.get(url))
    assert teacher.post(f"{url}ask-to-sign/").status_code == 302
    page = text_of(teacher.get(f"{url}sign/"))
    assert "Sign the plan" in page and "Not yet" in page
    unread = text_of(teacher.post(f"{url}sign/", {"do": "sign"}))
    assert "Read the plan, then tick that you have" in unread
    for client in (teacher, worker):
        assert "Read and sign" in text_of(client.get(url))
        assert client.post(f"{url}sign/", {"do": "sign", "have_read": "on"}).status_code == 302
    says = {"do": "says", "whose": "young_person", "says": "agreed"}
    assert teacher.post(f"{url}sign/", says).status_code == 302
    assert "Maisie Thornton: seen and agreed" in text_of(teacher.get(f"{url}sign/"))
    assert teacher.post(f"{url}submit/").status_code == 302
    assert adviser.post(f"{url}take/").status_code == 302
    refused = text_of(adviser.get(f"{url}approve/"))
    assert "This council rates a plan before it is approved" in refused and "Rate the plan" in refused
    unrated = text_of(adviser.post(f"{url}approve/", {"rating": "Good"}))
    assert "There is a problem" in unrated and state_of(world) == "in_qa"
    approves_without_rating(world)
    assert "contents asked by law and guidance are there" in text_of(adviser.get(f"{url}approve/"))
    assert adviser.post(f"{url}approve/", {"rating": "Good"}).status_code == 302
    shown = text_of(adviser.get(f"{url}publish/"))
    assert "Danielle Frost" in shown and "What happens next" in shown
    assert adviser.post(f"{url}publish/").status_code == 302
    assert state_of(world) == "published"
    assert adviser.post(f"{url}addendum/", {"words": "The tutor has begun"}).status_code == 302
    assert "The tutor has begun" in text_of(teacher.get(url))
    with world.within():
        assert Addendum.objects.count() == 1


def test_a_plan_is_sent_back_with_what_to_mend_and_those_who_mend_it_are_told(world: World) -> None:
    to_state(world, "maisie", "in_qa")
    adviser, url = world.client("adviser"), world.url("maisie", "return/")
    empty = text_of(adviser.post(url, {"reason": "", "s_progress": ""}))
    assert "There is a problem" in empty
    unnamed = text_of(adviser.post(url, {"reason": "Nearly there"}))
    assert "Name the sections that are to be mended." in unnamed
    sent = adviser.post(url, {"reason": "Nearly there", "s_progress": "Say how you know"})
    assert sent.status_code == 302
    with world.within():
        plan = Plan.objects.get(pk=world.plans["maisie"].pk)
        assert (plan.state, plan.returned_why) == ("returned", "Nearly there")
        assert ProcrastinateJob.objects.filter(task_name="plans.tell_returned").count() == 1
    page = text_of(world.client("teacher").get(world.url("maisie")))
    assert "Nearly there" in page and "Say how you know" in page


@pytest.mark.parametrize(
    ("page", "who", "code"),
    [
        ("approve/", "teacher", 403), ("return/", "teacher", 403), ("take/", "social worker", 403),
        ("publish/", "carer", 403), ("reopen/", "adviser", 403), ("close/", "social worker", 403),
        ("addendum/", "teacher", 403), ("sign/", "reviewing officer", 403), ("submit/", "social worker", 403),
        ("print/", "reviewing officer", 200), ("print/", "carer", 200), ("print/", "other teacher", 404),
        ("sign/", "other head", 404), ("print/full/", "board member", 403), ("print/wrong/", "head", 404),
        ("copies/1/full/", "head", 404), ("cancel/", "data officer", 200), ("blank/", "inspector", 200),
    ],
)  # fmt: skip
def test_who_sees_which_page(world: World, page: str, who: str, code: int) -> None:
    assert world.client(who).get(world.url("maisie", page)).status_code == code


def test_a_page_says_why_it_is_not_the_time_yet(world: World) -> None:
    page = text_of(world.client("teacher").get(world.url("maisie", "submit/")))
    assert "Not yet." in page and "<button" in page
    assert "Send it</button>" not in page
    refused = world.client("teacher").post(world.url("maisie", "submit/"))
    assert refused.status_code == 200 and "There is a problem" in text_of(refused)
    assert state_of(world) == "open"


def test_each_reader_gets_their_own_copy_as_a_file_to_save(world: World) -> None:
    with world.within():
        around(world, "maisie", "carer", "reviewing officer")
    to_state(world, "maisie", "published")
    with world.within():
        Answer.objects.filter(plan=world.plans["maisie"], field_key="wellbeing.sdq_score").update(value=23)
    seen = {}
    for who in ("head", "teacher", "carer", "social worker", "reviewing officer"):
        sent = world.client(who).get(world.url("maisie", "copies/1/json/"))
        assert sent.status_code == 200, who
        assert sent["Content-Disposition"].startswith("attachment") and sent["Cache-Control"] == "private, no-store"
        seen[who] = json.loads(sent.content)
    assert seen["head"]["copy_for"] == "" and seen["carer"]["copy_for"] == "carer"
    costs = {who: sum(len(target["cost_lines"]) for target in one["targets"]) for who, one in seen.items()}
    assert costs == {"head": 1, "teacher": 1, "carer": 1, "social worker": 1, "reviewing officer": 1}
    keys = {who: {f["key"] for s in one["sections"] for f in s["fields"]} for who, one in seen.items()}
    assert "social_worker_view.risks" in keys["social worker"] and "wellbeing.sdq_score" not in keys["teacher"]
    assert seen["carer"]["child"]["upn"] == ""
    plain = world.client("carer").get(world.url("maisie", "copies/1/plain/"))
    assert plain["Content-Type"] == "application/pdf" and plain.content[:4] == b"%PDF"


def test_a_plan_the_demonstration_published_has_its_copies_though_no_file_was_kept(world: World) -> None:
    to_state(world, "maisie", "published")
    with world.within():
        PlanCopy.objects.all().delete()
    for who in ("adviser", "teacher", "social worker", "carer"):
        client = world.client(who)
        assert "Version 1, as it was shared" in text_of(client.get(world.url("maisie", "print/")))
        for form in ("full", "plain"):
            assert client.get(world.url("maisie", f"copies/1/{form}/")).content.startswith(b"%PDF-")
        assert client.get(world.url("maisie", "copies/2/full/")).status_code == 404
    Authority.objects.filter(pk=world.here.pk).update(is_invented=False)
    assert world.client("adviser").get(world.url("maisie", "copies/1/full/")).status_code == 404


def test_where_a_child_lives_is_in_no_copy_even_if_somebody_wrote_it_down(world: World) -> None:
    to_state(world, "maisie", "published")
    with world.within():
        plan = Plan.objects.get(pk=world.plans["maisie"].pk)
        Plan.objects.filter(pk=plan.pk).update(state="in_progress")
        Answer.objects.filter(plan=plan, field_key="progress.strengths").update(value="Walks home to s11aa on her own")
        Meeting.objects.filter(plan=plan).update(place="At home, S1 1AA")
    for form in ("full", "json"):
        sent = world.client("head").get(world.url("maisie", f"print/{form}/"))
        told = words_of(sent.content) if form == "full" else text_of(sent)
        assert "Walks home to" in told
        assert "s11aa" not in told.lower().replace(" ", "")


def test_copies_given_by_hand_are_written_down(world: World) -> None:
    to_state(world, "maisie", "published")
    page = world.client("social worker").get(world.url("maisie", "print/"))
    assert "No copy is written down yet for: the child or young person, a parent." in text_of(page)
    given = {"to_role": "parent", "to_name": "Rosa Thornton", "form": "full", "how": "post"}
    assert world.client("social worker").post(world.url("maisie", "print/"), given).status_code == 302
    with world.within():
        assert CopySent.objects.filter(to_role="parent", how="post").count() == 1
    assert world.client("carer").post(world.url("maisie", "print/"), given).status_code == 403


def test_closing_and_cancelling_ask_why(world: World) -> None:
    data = world.client("data officer")
    assert "There is a problem" in text_of(data.post(world.url("maisie", "close/"), {"because": "moved"}))
    assert data.post(world.url("maisie", "cancel/"), {"reason": "Opened twice"}).status_code == 302
    assert state_of(world) == "cancelled"
    shown = text_of(world.client("head").get(world.url("maisie")))
    assert "This plan is cancelled" in shown and "Opened twice" in shown
    closed = {"because": "error", "reason": "Opened twice"}
    assert world.client("adviser").post(world.url("ellie", "close/"), closed).status_code == 302
    assert world.plan("ellie").state == "closed_error"


def test_a_plan_from_elsewhere_is_taken_in_on_the_childs_page(world: World) -> None:
    document = to_json(maisies())
    document["child"] |= {"born": "2014-05-01", "upn": ""}
    document["plan"]["term"] = "2025/26-summer"
    url = f"/children/{world.children['maisie'].public_id}/plans/receive/"
    head = world.client("head")
    broken = SimpleUploadedFile("plan.json", b'{"plan": {}}', "application/json")
    assert "plan.id: is missing" in text_of(head.post(url, {"file": broken}))
    good = SimpleUploadedFile("plan.json", json.dumps(document).encode(), "application/json")
    assert head.post(url, {"file": good}).status_code == 302
    listed = text_of(head.get(f"/children/{world.children['maisie'].public_id}/plans/"))
    assert "Summer term 2026" in listed and "Published" in listed
    assert world.client("teacher").get(url).status_code == 403


def test_a_signature_is_taken_back_on_the_page(world: World) -> None:
    to_state(world, "maisie", "signed")
    teacher = world.client("teacher")
    assert teacher.post(world.url("maisie", "sign/take-back/"), {"role": "designated_teacher"}).status_code == 302
    with world.within():
        assert Signature.objects.filter(role="designated_teacher", withdrawn_at__isnull=True).count() == 0
        assert PlanSection.objects.filter(plan=world.plans["maisie"]).exists()
