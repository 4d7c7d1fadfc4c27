"""Publishing an approved plan: the files of this version, and who was given a copy."""

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from virtual_school.access.models import Role, User
from virtual_school.audit.actions import record
from virtual_school.children.models import Involvement

from . import pdf
from .document import PlanDocument
from .exporting import as_json, copied_document, copy_for, document_of, stored
from .models import CopySent, Plan, PlanCopy
from .opened import OpenedPlan
from .reading_levels import Reader
from .refused import Refused, held, held_for, taken, tell
from .sight import READER_OF
from .summary import keep_summary
from .workflow import VIRTUAL_SCHOOL, State, Step

FOLDER = "plans"
FORMS = {"full": "Full plan", "plain": "In plain words", "json": "Open format"}
TYPES = {"full": "application/pdf", "plain": "application/pdf", "json": "application/json"}
ENDINGS = {"full": "pdf", "plain": "pdf", "json": "json"}
RECIPIENTS = {
    Role.SOCIAL_WORKER: "full",
    Role.DESIGNATED_TEACHER: "full",
    Role.REVIEWING_OFFICER: "full",
    Role.CARER: "full",
    Role.PERSONAL_ADVISER: "full",
    Role.YOUNG_PERSON: "plain",
}
BY_HAND = {
    "young_person": "The child or young person",
    "carer": "The carer",
    "parent": "A parent",
    "social_worker": "The social worker",
    "designated_teacher": "The school",
    "reviewing_officer": "The independent reviewing officer",
    "provider": "The fostering service or home",
}
HOW = {"handed": "Handed over", "post": "By post", "secure_mail": "By secure e-mail", "read": "Read to them"}


@dataclass(frozen=True, slots=True)
class File:
    content: bytes
    content_type: str
    name: str


def publish(*, opened: OpenedPlan, by: User) -> Plan:
    """Those around the child read their own copy here from now on; the files of this version stay as they are."""
    plan = held_for(opened, Step.PUBLISH)
    plan.published_on = timezone.localdate()
    taken(opened, plan, Step.PUBLISH, by, "published_on")
    document = document_of(opened)
    keep_copy(plan, "json", as_json(document).encode())
    keep_copy(plan, "full", _pdf(opened, copy_for(document, opened.child, Reader.VIRTUAL_SCHOOL), "full", by.name))
    keep_copy(plan, "plain", _pdf(opened, copy_for(document, opened.child, Reader.YOUNG_PERSON), "plain", by.name))
    CopySent.objects.bulk_create(
        CopySent(
            authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, version=plan.version,
            form=RECIPIENTS[Role(role)], to_name=name, to_role=role, how="here", by_name=by.name,
        )
        for role, name in recipients(opened)
    )  # fmt: skip
    _supersede_earlier(plan, by)
    keep_summary(opened)
    return plan


def recipients(opened: OpenedPlan) -> list[tuple[str, str]]:
    """Role and name of those who can read their copy here."""
    today = timezone.localdate()
    rows = (
        Involvement.objects.filter(child=opened.child, role__in=RECIPIENTS, starts__lte=today)
        .filter(Q(ends__isnull=True) | Q(ends__gt=today))
        .order_by("role", "starts")
    )
    return list(rows.values_list("role", "person__name"))


def without_copy(opened: OpenedPlan) -> list[str]:
    """Of those the regulations name, who has been given no copy of this version: to be given by hand."""
    given = set(
        CopySent.objects.filter(plan=opened.plan, version=opened.plan.version).values_list("to_role", flat=True)
    )
    return [role for role in ("young_person", "carer", "parent", "reviewing_officer", "designated_teacher")
            if role not in given]  # fmt: skip


def _supersede_earlier(plan: Plan, by: User) -> None:
    earlier = Plan.objects.filter(
        child=plan.child_id, state__in=[str(State.PUBLISHED), str(State.APPROVED)], term__lte=plan.term
    ).exclude(pk=plan.pk)
    for one in earlier.select_for_update():
        one.state = str(State.SUPERSEDED)
        one.save(update_fields=["state"])
        tell(one, str(Step.SUPERSEDE), by, by_plan=str(plan.public_id))


def versions(opened: OpenedPlan) -> list[int]:
    """Those published, the latest first. The demonstration publishes without files: they are made when asked for."""
    plan = opened.plan
    kept = set(PlanCopy.objects.filter(plan=plan).values_list("version", flat=True))
    if _is_from_demo(opened):
        kept.add(plan.version)
    return sorted(kept, reverse=True)


def _is_from_demo(opened: OpenedPlan) -> bool:
    return opened.child.authority.is_invented and opened.plan.state in {State.PUBLISHED, State.SUPERSEDED}


def keep_copy(plan: Plan, form: str, content: bytes) -> PlanCopy:
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored_as = f"{FOLDER}/{uuid.uuid4().hex}"
    path = Path(settings.MEDIA_ROOT) / stored_as
    path.touch(mode=0o600)
    path.write_bytes(content)
    return PlanCopy.objects.create(
        authority_id=plan.authority_id,
        child_id=plan.child_id,
        plan=plan,
        version=plan.version,
        form=form,
        stored_as=stored_as,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def give_copy(*, opened: OpenedPlan, to_role: str, to_name: str, form: str, how: str, by: User) -> CopySent:
    """A copy given outside this service: to whom, how and by whom."""
    plan = held(opened)
    if form not in FORMS or plan.version not in versions(opened):
        raise Refused("This version is not published, so there is no copy of it to give.")
    if not set(opened.roles) & {*VIRTUAL_SCHOOL, str(Role.SOCIAL_WORKER), str(Role.DESIGNATED_TEACHER)}:
        raise Refused("You do not give out copies of this plan.")
    if to_role not in BY_HAND or how not in HOW:
        raise Refused("Say who was given the copy, and how.")
    given = CopySent.objects.create(
        authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, version=plan.version, form=form,
        to_name=to_name.strip() or BY_HAND[to_role], to_role=to_role, how=how, by_name=by.name,
    )  # fmt: skip
    tell(plan, "copy_given", by, role=opened.role, to=to_role, how=how)
    return given


def readers_of(opened: OpenedPlan) -> list[Reader]:
    return list(dict.fromkeys(READER_OF[Role(role)] for role in opened.roles if role in READER_OF))


def reader_of(opened: OpenedPlan) -> Reader:
    """As whom this person reads: the weightiest they are."""
    found = readers_of(opened)
    if not found:
        raise Refused("There is no copy of this plan for you.")
    return found[0]


def copy_file(*, opened: OpenedPlan, version: int, form: str, by: User) -> File:
    """The reader's own copy of a published version. The virtual school's is the very file that was kept."""
    plan, reader = opened.plan, reader_of(opened)
    kept = PlanCopy.objects.filter(plan=plan, version=version, form=form).first()
    if form not in FORMS or version not in versions(opened):
        raise Refused("There is no such copy.")
    if kept is not None and not opened.is_blind and (reader == Reader.VIRTUAL_SCHOOL or form == "plain"):
        content = stored(kept)
        if hashlib.sha256(content).hexdigest() != kept.sha256:
            raise Refused("The file is not as it was when it was published. Tell the people who run this service.")
    else:
        document = copied_document(plan, version)
        if document is None and version == plan.version and _is_from_demo(opened):
            document = document_of(opened)
        if document is None:
            raise Refused("There is no such copy.")
        as_read = Reader.YOUNG_PERSON if form == "plain" else reader
        content = _made(opened, copy_for(document, opened.child, as_read, is_blind=opened.is_blind), form, by)
    _told(opened, by, version, form, reader)
    return File(content, TYPES[form], _name(opened, form, version))


def current_file(*, opened: OpenedPlan, form: str, by: User) -> File:
    """The plan as it stands now, for this reader: also before it is published."""
    reader = reader_of(opened)
    if form not in FORMS:
        raise Refused("There is no such copy.")
    as_read = Reader.YOUNG_PERSON if form == "plain" else reader
    content = _made(opened, document_of(opened, as_read, is_blind=opened.is_blind), form, by)
    _told(opened, by, opened.plan.version, form, reader)
    return File(content, TYPES[form], _name(opened, form, opened.plan.version))


def _made(opened: OpenedPlan, document: PlanDocument, form: str, by: User) -> bytes:
    return as_json(document).encode() if form == "json" else _pdf(opened, document, form, by.name)


def _pdf(opened: OpenedPlan, document: PlanDocument, form: str, by_name: str) -> bytes:
    return pdf_of(opened.plan, document, form, by_name, opened.child.authority.colour)


def pdf_of(plan: Plan, document: PlanDocument, form: str, by_name: str, colour: str) -> bytes:
    make = pdf.plain if form == "plain" else pdf.full
    return make(
        document,
        printed_by=by_name,
        printed_on=timezone.localdate(),
        reference=f"{str(plan.public_id)[:8]}, version {plan.version}",
        colour=colour,
    )


def _name(opened: OpenedPlan, form: str, version: int) -> str:
    """Says nothing of the child: a name of a file is seen by more people than the file."""
    kind = "plan-in-plain-words" if form == "plain" else "plan"
    return f"{kind}-{str(opened.plan.public_id)[:8]}-version-{version}.{ENDINGS[form]}"


def _told(opened: OpenedPlan, by: User, version: int, form: str, reader: Reader) -> None:
    record(
        "plan.copy_downloaded",
        by=by.pk,
        authority=opened.plan.authority_id,
        child=opened.plan.child_id,
        role=opened.role,
        plan=str(opened.plan.public_id),
        version=version,
        form=form,
        reader=str(reader),
    )
