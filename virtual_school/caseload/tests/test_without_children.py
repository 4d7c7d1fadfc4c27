"""What an authority sees before its first child is here."""

import pytest

from virtual_school.caseload.tests import world as worlds

from .test_today import page_of


@pytest.mark.django_db
def test_an_authority_without_children_says_what_to_do(on_the_day: None) -> None:
    world = worlds.make_empty()
    for who in ("head", "adviser", "data officer"):
        assert "No children are here yet" in page_of(world, who)
    for who in ("social worker", "carer"):
        assert "You are around no child today" in page_of(world, who)
    assert "No duty stands here" in page_of(world, "head", "/due/")
    assert "No children are here yet" in page_of(world, "head", "/children/")
    assert "Nobody has linked your sign-in" in page_of(world, "young person")


@pytest.mark.django_db
def test_lists_of_attendance_and_plans_say_where_children_come_from(on_the_day: None) -> None:
    world = worlds.make_empty()
    lists = ("", "without-education/", "suspensions/", "provision/", "over-time/")
    for path in (*lists, "calls/", "missing/", "registers/"):
        assert "They come with the statutory return" in page_of(world, "head", f"/attendance/{path}")
    for path in lists:
        assert "You are around no child today" in page_of(world, "social worker", f"/attendance/{path}")
    assert "You are around no child whose authority has plans here" in page_of(world, "carer", "/plans/")
