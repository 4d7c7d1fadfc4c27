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
