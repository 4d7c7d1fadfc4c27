"""A child's record: who sees which part, what it says, what can be changed and taken back."""

import pytest

from virtual_school.audit.actions import record as record_event
from virtual_school.audit.models import Read
from virtual_school.caseload.tests.world import TODAY, World
from virtual_school.children.models import Child, Evidence, Involvement
from virtual_school.duties.models import StandingObligation

PAGES = ("", "school-and-care/", "people/", "history/", "people/add/", "done/VS-08/", "name/", "who-may-see/")
SEES = {
    "head": ("kai", "ayaan", "maisie", "lacey"),
    "adviser": ("kai", "ayaan", "maisie", "lacey"),
    "data officer": ("kai", "ayaan", "maisie", "lacey"),
    "nominated officer": ("kai", "ayaan", "maisie", "lacey"),
    "inspector": ("kai", "ayaan", "maisie", "lacey"),
    "social worker": ("kai",),
    "reviewing officer": ("kai", "ayaan"),
    "carer": ("kai",),
    "personal adviser": (),
    "teacher": ("maisie", "zainab"),
    "other teacher": ("ayaan", "lacey"),
    "other head": ("zainab",),
}
OPENS = {
    "head": set(PAGES),
    "adviser": set(PAGES) - {"who-may-see/"},
    "data officer": set(PAGES) - {"done/VS-08/"},
    "nominated officer": {"", "school-and-care/", "people/", "done/VS-08/"},
    "inspector": {"", "school-and-care/", "people/", "history/"},
    "social worker": {"", "school-and-care/"},
    "carer": {"", "school-and-care/"},
}


def record(world: World, who: str, child: str, page: str = "") -> str:
    response = world.client(who).get(world.url(child, page))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("who", list(SEES))
def test_who_opens_whose_record(world: World, who: str) -> None:
    client = world.client(who)
    for child in world.children:
        assert client.get(world.url(child)).status_code == (200 if child in SEES[who] else 404), child


@pytest.mark.parametrize("who", list(OPENS))
def test_which_pages_of_a_record_a_role_opens(world: World, who: str) -> None:
    client = world.client(who)
    opened = {page for page in PAGES if client.get(world.url("kai", page)).status_code == 200}
    assert opened == OPENS[who]


@pytest.mark.parametrize("who", ["young person", "board member", "administrator"])
def test_some_roles_open_no_record_at_all(world: World, who: str) -> None:
    assert world.client(who).get(world.url("kai")).status_code == 403


def test_a_record_says_in_a_sentence_and_flags_how_the_child_is(world: World) -> None:
    page = record(world, "head", "kai")
    assert "14, Year 10 · no school place since 23 October (was at Moorcroft High School)" in page
    assert "lives in foster care (an emergency placement)" in page
    assert "No school place: day " in page
    assert "<li>Key Stage 4</li>" in page and "<li>Emergency placement</li>" in page


def test_the_timeline_says_what_there_is_to_see(world: World) -> None:
    page = record(world, "head", "kai")
    assert "Two homes and one school since coming into care; no school place since 23 October" in page
    assert "Foster care, long term" in page and "Full care order" in page
    assert "Show as table" in page
    zoomed = record(world, "head", "kai", "?year=2025")
    assert 'aria-current="true">2025/26' in zoomed


def test_an_odd_year_shows_the_whole_time(world: World) -> None:
    for year in ("1066", "x", "99999", "²²²²"):
        assert 'aria-current="true">Since care began' in record(world, "head", "kai", f"?year={year}")


def test_each_date_has_its_reasons(world: World) -> None:
    page = record(world, "head", "kai")
    assert "Priya Nair (adviser) to secure suitable education" in page
    assert "20 school days from then end on" in page
    assert "school days counted" in page
    assert 'href="/register/SCH-04/"' in page
    assert "Evidence missing: enrolment." in page
    assert page.count('class="app-next__item"') == 5
    everything = record(world, "head", "kai", "?all=1")
    assert everything.count('class="app-next__item"') > 5


def test_a_carer_and_a_teacher_read_nothing_of_law_homes_or_addresses(world: World) -> None:
    for who, child in (("carer", "kai"), ("teacher", "maisie")):
        for page in ("", "school-and-care/", "?all=1"):
            text = record(world, who, child, page)
            hidden = (
                "are order",
                "Legal status",
                "Lives with",
                "Foster",
                "S1 1AA",
                "S9 9ZZ",
                "Emergency",
                "Reviews of the",
            )
            assert [word for word in hidden if word in text] == [], (who, page)
        assert "In care since" in record(world, who, child)
        assert ('href="/register/' in record(world, who, child)) == (who == "teacher")
    assert world.children["kai"].upn not in record(world, "carer", "kai", "school-and-care/")
    assert world.children["maisie"].upn in record(world, "teacher", "maisie", "school-and-care/")


def test_a_social_worker_reads_the_law_and_the_home_in_words_but_no_address(world: World) -> None:
    page = record(world, "social worker", "kai", "school-and-care/")
    assert "Full care order" in page and "Foster care" in page
    assert "S9 9ZZ" not in page
    assert "S9 9ZZ" in record(world, "adviser", "kai", "school-and-care/")


def test_the_answers_are_the_same_for_whoever_reads_them(world: World) -> None:
    with world.within():
        kept = list(
            StandingObligation.objects.filter(child=world.children["kai"], state="open").values_list("act", flat=True)
        )
    assert kept
    for who in ("head", "social worker"):
        page = record(world, who, "kai", "?all=1").replace("&#x27;", "'")
        assert all(act in page for act in kept), who


def test_opening_a_record_is_written_down(world: World) -> None:
    record(world, "social worker", "kai")
    with world.within():
        read = Read.objects.get(child_id=world.children["kai"].pk)
    assert (read.person_id, read.page) == (world.people["social worker"].pk, "caseload:child")
    page = record(world, "head", "kai", "history/")
    assert "Joe Kavanagh" in page


def test_recording_that_a_duty_was_done_moves_what_comes_next(world: World) -> None:
    client = world.client("adviser")
    kai = world.children["kai"]
    form = {"on-day": "20", "on-month": "11", "on-year": "2026", "note": "With the school"}
    assert client.post(world.url("kai", "done/VS-08/"), form).url == world.url("kai")
    with world.within():
        held = Evidence.objects.get(child=kai)
        assert (held.duty, held.on, held.by_name) == ("VS-08", TODAY.replace(day=20), "Priya Nair")
        assert Child.objects.get(pk=kai.pk).roll_checked_on == held.on
        assert StandingObligation.objects.get(child=kai, duty="VS-08").state == "open"
    page = record(world, "adviser", "kai")
    assert "With the school" in page and "Recorded by Priya Nair." in page
    client.post(world.url("kai", f"done/{held.pk}/withdraw/"))
    with world.within():
        assert Evidence.objects.get(pk=held.pk).withdrawn_at is not None
        assert Child.objects.get(pk=kai.pk).roll_checked_on is None
        assert StandingObligation.objects.get(child=kai, duty="VS-08").state == "not_known"
    client.post(world.url("kai", f"done/{held.pk}/withdraw/"), {"put_back": "1"})
    with world.within():
        assert Child.objects.get(pk=kai.pk).roll_checked_on == held.on


def test_a_day_to_come_or_another_duty_cannot_be_recorded(world: World) -> None:
    client = world.client("head")
    form = {"on-day": "1", "on-month": "12", "on-year": "2026"}
    page = client.post(world.url("kai", "done/VS-08/"), form)
    assert page.status_code == 200
    assert "must be on or before 24 November 2026" in page.content.decode()
    assert client.get(world.url("kai", "done/REV-03/")).status_code == 404
    with world.within():
        assert not Evidence.objects.exists()


def test_somebody_is_added_ended_and_brought_back(world: World) -> None:
    client = world.client("adviser")
    add = world.url("ayaan", "people/add/")
    page = client.get(add).content.decode()
    assert "Joe Kavanagh, social worker" in page and "Somebody other adviser" not in page
    membership = world.people["social worker"].memberships.get().pk
    form = {"membership": str(membership), "starts-day": "2", "starts-month": "11", "starts-year": "2026"}
    assert client.post(add, form).url == world.url("ayaan", "people/")
    assert world.client("social worker").get(world.url("ayaan")).status_code == 200
    again = client.post(add, form)
    assert "already holds this role" in again.content.decode()
    with world.within():
        row = Involvement.objects.get(child=world.children["ayaan"], role="social_worker")
    end = {"ends-day": "24", "ends-month": "11", "ends-year": "2026"}
    assert client.post(world.url("ayaan", f"people/{row.pk}/end/"), end).status_code == 302
    assert world.client("social worker").get(world.url("ayaan")).status_code == 404
    client.post(world.url("ayaan", f"people/{row.pk}/undo/"))
    assert world.client("social worker").get(world.url("ayaan")).status_code == 200


def test_a_new_name_keeps_the_old_one(world: World) -> None:
    client = world.client("adviser")
    client.post(world.url("kai", "name/"), {"forename": "Kai", "surname": "Rowe", "preferred_name": ""})
    page = record(world, "head", "kai", "school-and-care/")
    assert "Kai Rowe" in page and "Kai Bennett" in page
    assert "surname was Bennett" in record(world, "head", "kai", "history/")


def test_a_sensitive_child_is_seen_by_named_people_only(world: World) -> None:
    client = world.client("head")
    client.post(world.url("kai", "who-may-see/"), {"kind": "protected_address", "why": "Risk"})
    assert "Sensitive: protected address" in record(world, "head", "kai")
    assert world.client("adviser").get(world.url("kai")).status_code == 404
    assert world.client("social worker").get(world.url("kai")).status_code == 404
    assert "Kai Bennett" not in world.client("adviser").get("/children/").content.decode()
    client.post(world.url("kai", "who-may-see/"), {"kind": ""})
    assert world.client("adviser").get(world.url("kai")).status_code == 200


def test_nobody_of_another_council_changes_a_record(world: World) -> None:
    client = world.client("other adviser")
    for page, form in (
        ("name/", {"forename": "X", "surname": "Y"}),
        ("done/VS-08/", {"on-day": "1", "on-month": "11", "on-year": "2026"}),
        ("people/add/", {}),
        ("people/1/undo/", {}),
        ("done/1/withdraw/", {}),
    ):
        assert client.post(world.url("kai", page), form).status_code == 404
    with world.within():
        assert Child.objects.get(pk=world.children["kai"].pk).surname == "Bennett"


def test_what_was_done_is_found_by_person_kind_child_and_day(world: World) -> None:
    client = world.client("head")
    client.post(world.url("kai", "name/"), {"forename": "Kai", "surname": "Rowe", "preferred_name": ""})
    kai = world.children["kai"].public_id
    page = client.get("/done/?kind=child").content.decode()
    assert "Child: names set" in page and "Helen Marsden" in page and "Kai Rowe" in page
    assert "Looked at the overview" not in page
    world.client("social worker").get(world.url("kai"))
    assert "Joe Kavanagh" in client.get(f"/done/?kind=looked&child={kai}").content.decode()
    other = world.people["adviser"].pk
    assert "Nothing with these filters" in client.get(f"/done/?person={other}").content.decode()
    assert "Nothing with these filters" in client.get("/done/?day-day=1&day-month=1&day-year=2020").content.decode()
    for who, status in (("inspector", 200), ("data officer", 200), ("adviser", 403), ("social worker", 403)):
        assert world.client(who).get("/done/").status_code == status


def test_what_was_done_names_people_and_says_only_what_is_so(world: World) -> None:
    adviser, authority = world.people["adviser"], world.children["kai"].authority_id
    with world.within():
        record_event("account.signed_in", by=None, authority=authority, demo=True, person=adviser.pk)
        record_event("account.signed_in", by=None, authority=authority, demo=False, person=adviser.pk)
    page = world.client("head").get("/done/?kind=account").content.decode()
    assert f"demo, {adviser.name}" in page
    assert "demo True" not in page
    assert "demo False" not in page
