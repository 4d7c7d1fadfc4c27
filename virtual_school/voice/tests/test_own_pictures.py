"""Pictures of a council's and a child's own: taken, drawn in the right order, and shown only to those who may."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from virtual_school.access.models import Role
from virtual_school.access.tests.factories import MembershipFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.authorities.models import Authority
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.voice.models import ChildPack, CouncilPack
from virtual_school.voice.packs_kept import packs_of_entry
from virtual_school.voice.tests.test_packs import DRAWING, HEAD, photo
from virtual_school.voice.tests.world import CODE, World, begun, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return make_world()


def zipped(**files: bytes) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "."), content)
    return SimpleUploadedFile("pack.zip", out.getvalue(), "application/zip")


def add_pack(world: World, toml: bytes = HEAD + b'[symbols]\nbus = "bus.svg"\n') -> Any:
    sent = zipped(symbols__toml=toml, bus__svg=DRAWING, spare__svg=DRAWING)
    return world.client(Role.VIRTUAL_SCHOOL_HEAD).post("/voice/pictures/", {"do": "pack", "zip": sent}, follow=True)


def add_photo(world: World, role: str = Role.DESIGNATED_TEACHER, **given: str) -> Any:
    sent = SimpleUploadedFile("bus.jpg", photo(), "image/jpeg")
    posted = {"do": "picture", "key": "bus", "licence": "Taken by the school", "file": sent, **given}
    return world.client(role).post(f"{world.url}pictures/", posted, follow=True)


def test_a_pack_is_kept_with_its_licence_and_says_what_no_card_uses(world: World) -> None:
    page = add_pack(world).content.decode()
    assert "Our school" in page and "Licence: Our own photographs" in page
    assert "For no card, and not kept: spare.svg." in page


def test_a_bad_pack_says_why_and_nothing_is_kept(world: World, tmp_path: Path) -> None:
    page = add_pack(world, HEAD + b'[symbols]\nunheard_of = "bus.svg"\n')
    assert "there is no card with the key unheard_of" in page.content.decode()
    assert not CouncilPack.objects.exists() and not list(tmp_path.rglob("*"))


def test_what_is_no_zip_is_refused_in_words(world: World) -> None:
    sent = SimpleUploadedFile("pack.zip", b"no zip", "application/zip")
    page = world.client(Role.VIRTUAL_SCHOOL_HEAD).post("/voice/pictures/", {"do": "pack", "zip": sent})
    assert "The file is no zip that can be opened." in page.content.decode()


def test_a_picture_without_a_word_on_whose_it_is_is_refused(world: World) -> None:
    assert "Say whose picture it is" in add_photo(world, licence="").content.decode()


def test_the_childs_own_comes_before_the_councils_and_the_councils_before_ours(world: World) -> None:
    child = begun(world)
    entry = world.entry()
    with acting(service(CODE)):
        assert packs_of_entry(entry).picture("bus").licence == "OpenMoji, CC BY-SA 4.0"
    add_pack(world)
    with acting(service(CODE)):
        assert packs_of_entry(entry).picture("bus").licence == "Our own photographs"
    add_photo(world)
    with acting(service(CODE)):
        found = packs_of_entry(entry).picture("bus")
    assert found.licence == "Taken by the school"
    answer = child.get(found.url)
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_childs_picture_is_shown_to_those_who_hand_the_page_over_and_to_nobody_else(world: World) -> None:
    add_photo(world)
    with acting(service(CODE)):
        pack = ChildPack.objects.get()
    for role, status in [
        (Role.SOCIAL_WORKER, 200), (Role.ADVISER, 200), (Role.CARER, 403), (Role.DATA_OFFICER, 403),
    ]:  # fmt: skip
        url = f"{world.url}pictures/{pack.public_id}/bus/"
        assert world.client(role).get(url).status_code == status, role
    assert world.client(Role.VIRTUAL_SCHOOL_HEAD).get(f"/voice/pictures/{pack.public_id}/bus/").status_code == 404


def test_another_childs_page_is_not_shown_the_picture(world: World) -> None:
    add_photo(world)
    with acting(service(CODE)):
        pack = ChildPack.objects.get()
        other = type(world.child).objects.create(
            authority=world.authority, local_id="78", forename="Leo", surname="Ash", born=world.child.born,
            search_text="leo ash",
        )  # fmt: skip
        world.child.involvements.model.objects.create(
            authority=world.authority, child=other, person=world.users[Role.DESIGNATED_TEACHER],
            role=Role.DESIGNATED_TEACHER, starts=world.child.born,
        )  # fmt: skip
    child = begun(World(world.authority, other, world.users, world.readers))
    assert child.get(f"/my-school/picture/{pack.public_id}/bus/").status_code == 404


def test_a_councils_picture_is_not_shown_to_another_council(world: World) -> None:
    add_pack(world)
    other = MembershipFactory(
        role=Role.VIRTUAL_SCHOOL_HEAD, authority=Authority.objects.create(code=891, name="Felpersham")
    ).user
    url = f"/voice/pictures/{CouncilPack.objects.get().public_id}/bus/"
    assert signed_in(other).get(url).status_code == 404
    assert world.client(Role.DESIGNATED_TEACHER).get(url).status_code == 200


def test_what_is_removed_leaves_no_file(world: World, tmp_path: Path) -> None:
    add_pack(world)
    pack = CouncilPack.objects.get()
    head = world.client(Role.VIRTUAL_SCHOOL_HEAD)
    assert [one for one in tmp_path.rglob("*") if one.is_file()]
    head.post(f"/voice/pictures/{pack.public_id}/remove/")
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]
    assert head.get(f"/voice/pictures/{pack.public_id}/bus/").status_code == 404


def test_a_picture_given_again_takes_the_place_of_the_one_before(world: World, tmp_path: Path) -> None:
    add_photo(world)
    add_photo(world)
    with acting(service(CODE)):
        assert len(ChildPack.objects.get().pictures) == 1
    assert len([one for one in tmp_path.rglob("*") if one.is_file()]) == 1
