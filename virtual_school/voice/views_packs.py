"""Pictures of one's own in place of ours: a council's for all its children, and those a child already uses."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.children.models import Child
from virtual_school.children.queries import child_for

from .models import ChildPack, CouncilPack, Entry, OwnPictures
from .my import My, my_page
from .packs import LARGEST_FILE, LARGEST_PACK, BadPack
from .packs_kept import add_picture, add_zip, content_of, keys, keys_of, remove, remove_picture
from .rights import may_start, roles_of
from .symbols import OPENMOJI_LICENCE

MB = 1024 * 1024


class ZipForm(forms.Form):
    zip = forms.FileField(
        label="Zip file",
        error_messages={"required": "Choose a zip file."},
        help_text=f"Up to {LARGEST_PACK // MB} MB: pictures as SVG, PNG, JPEG or HEIC, and symbols.toml, which names the pack, "
        "its licence, and the picture of each card.",
    )

    def clean_zip(self) -> Any:
        sent = self.cleaned_data["zip"]
        if sent.size > LARGEST_PACK:
            raise forms.ValidationError(f"The file is larger than {LARGEST_PACK // MB} MB.")
        return sent


class PictureForm(forms.Form):
    key = forms.ChoiceField(label="Which card?", error_messages={"required": "Choose the card."})
    file = forms.FileField(
        label="Picture", help_text=f"A photograph or drawing: JPEG, PNG, HEIC or SVG, up to {LARGEST_FILE // MB} MB.",
        error_messages={"required": "Choose a picture."},
    )  # fmt: skip
    licence = forms.CharField(
        label="Whose picture is it, and what allows its use?", max_length=300,
        help_text="For example, “Photographs of the school, taken by Mrs Iqbal”.",
        error_messages={"required": "Say whose picture it is, and what allows its use."},
    )  # fmt: skip

    def __init__(self, *args: Any, of: Child | int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain = keys()
        people = [(key, name) for key, name in keys_of(of).items() if key not in plain]
        named = sorted(plain.items(), key=lambda one: one[1].casefold())
        things = [("Things and places", named)] if people else named
        self.fields["key"].choices = [  # type: ignore[attr-defined]
            ("", "Choose"), *([("People around the child", people)] if people else []), *things,
        ]  # fmt: skip

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST_FILE:
            raise forms.ValidationError(f"The picture is larger than {LARGEST_FILE // MB} MB.")
        return sent


def _forms(request: HttpRequest, of: Child | int) -> tuple[ZipForm, PictureForm]:
    """Of the two on the page, the one that was sent is bound."""
    is_single = request.method == "POST" and request.POST.get("do") == "picture"
    is_zip = request.method == "POST" and not is_single
    return (
        ZipForm(request.POST, request.FILES) if is_zip else ZipForm(),
        PictureForm(request.POST, request.FILES, of=of) if is_single else PictureForm(of=of),
    )


def _kept(request: HttpRequest, of: Child | int, pack: ZipForm, single: PictureForm) -> bool:
    user = request.person.user  # type: ignore[attr-defined]
    try:
        if single.is_bound and single.is_valid():
            given = single.cleaned_data
            add_picture(
                of=of, key=given["key"], name=given["file"].name, sent=given["file"].read(), licence=given["licence"],
                by=user,
            )  # fmt: skip
            messages.success(request, "The picture is used from now on.")
            return True
        if pack.is_bound and pack.is_valid():
            made, unused = add_zip(of=of, sent=pack.cleaned_data["zip"].read(), by=user)
            left = f" For no card, and not kept: {', '.join(unused[:10])}." if unused else ""
            more = f" And {len(unused) - 10} more." if len(unused) > 10 else ""
            messages.success(request, f"“{made.name}”: {len(made.pictures)} used from now on.{left}{more}")
            return True
    except BadPack as wrong:
        form = single if single.is_bound else pack
        form.add_error("file" if single.is_bound else "zip", str(wrong))
    return False


def _rows(held: Any, of: Child | int) -> list[dict[str, Any]]:
    names = keys_of(of)
    return [
        {"pack": one, "pictures": [(key, names.get(key, "Somebody who is not around the child any more")) for key in sorted(one.pictures)]} for one in held
    ]  # fmt: skip


@requires(Permission.POLICY_WRITE)
def packs(request: HttpRequest) -> HttpResponse:
    """The council's: a set it may use, or its own photographs."""
    code = request.person.authority_code or 0  # type: ignore[attr-defined]
    pack, single = _forms(request, code)
    if request.method == "POST" and _kept(request, code, pack, single):
        return redirect("voice:packs")
    held = CouncilPack.objects.filter(authority=code)
    return render(
        request, "voice/packs/packs.html",
        {"pack_form": pack, "form": pack if pack.is_bound else single, "single_form": single, "rows": _rows(held, code),
         "ours": OPENMOJI_LICENCE},
    )  # fmt: skip


@requires(Permission.POLICY_WRITE)
@require_POST
def remove_pack(request: HttpRequest, pack_id: object) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    found = CouncilPack.objects.filter(authority=person.authority_code, public_id=pack_id).first()
    if found is None:
        raise Http404
    _removed(request, found)
    return redirect("voice:packs")


def _removed(request: HttpRequest, pack: OwnPictures) -> None:
    """The whole, or the one picture that is named."""
    user, key = request.person.user, request.POST.get("key", "")  # type: ignore[attr-defined]
    if not key:
        remove(pack=pack, by=user)
    elif key in pack.pictures:
        remove_picture(pack=pack, key=key, by=user)
    else:
        raise Http404
    messages.success(request, "Removed. Our own picture is shown again, or the words alone.")


@requires(Permission.CHILD_READ, Permission.TODAY_READ)
def pack_picture(request: HttpRequest, pack_id: object, key: str) -> HttpResponse:
    """To those who work for or with the council whose picture it is."""
    person: Person = request.person  # type: ignore[attr-defined]
    codes = {one.authority_id for one in person.memberships}
    return _file(CouncilPack.objects.filter(authority__in=codes, public_id=pack_id).first(), key)


def _child(request: HttpRequest, public_id: object) -> Child:
    child = child_for(request, public_id)
    if not may_start(roles_of(request.person, child)):  # type: ignore[attr-defined]
        raise PermissionDenied
    return child


@requires(Permission.CHILD_READ)
def child_packs(request: HttpRequest, public_id: object) -> HttpResponse:
    """One child's own: the symbols they already use, or photographs of their room."""
    child = _child(request, public_id)
    pack, single = _forms(request, child)
    if request.method == "POST" and _kept(request, child, pack, single):
        return redirect("voice:child_packs", child.public_id)
    held = ChildPack.objects.filter(child=child)
    return render(
        request, "voice/packs/packs.html",
        {"child": child, "pack_form": pack, "form": pack if pack.is_bound else single, "single_form": single,
         "rows": _rows(held, child), "ours": OPENMOJI_LICENCE},
    )  # fmt: skip


@requires(Permission.CHILD_READ)
@require_POST
def remove_child_pack(request: HttpRequest, public_id: object, pack_id: object) -> HttpResponse:
    child = _child(request, public_id)
    found = ChildPack.objects.filter(child=child, public_id=pack_id).first()
    if found is None:
        raise Http404
    _removed(request, found)
    return redirect("voice:child_packs", child.public_id)


@requires(Permission.CHILD_READ)
def child_picture(request: HttpRequest, public_id: object, pack_id: object, key: str) -> HttpResponse:
    child = _child(request, public_id)
    return _file(ChildPack.objects.filter(child=child, public_id=pack_id).first(), key)


@my_page
def my_picture(request: HttpRequest, my: My, pack_id: object, key: str) -> HttpResponse:
    """On a child's own pages: a picture of theirs or of their council, and no other."""
    found: OwnPictures | None = None
    if my.entry.speaker == Entry.Speaker.CHILD:
        found = ChildPack.objects.filter(child_id=my.entry.child_id, public_id=pack_id).first()
    found = found or CouncilPack.objects.filter(authority=my.entry.authority_id, public_id=pack_id).first()
    return _file(found, key)


def _file(pack: OwnPictures | None, key: str) -> HttpResponse:
    """A picture to be drawn in a page, and nothing that runs."""
    found = content_of(pack, key) if pack else None
    if found is None:
        raise Http404
    response = HttpResponse(found[0], content_type=found[1])
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
