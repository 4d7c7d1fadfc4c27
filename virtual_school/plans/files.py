"""Files sent in: checked by what is in them, kept under random names outside the pages' reach."""

import hashlib
import uuid
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.children.file_checks import RefusedFile, checked_content, name_kept
from virtual_school.children.models import Child

from .models import Document, Plan

FOLDER = "plans"

KINDS = {
    "report": "School report",
    "ehc_plan": "Education, health and care plan",
    "sen_plan": "Plan for special educational needs",
    "attendance": "Attendance record",
    "exclusion": "Letter of suspension or exclusion",
    "behaviour": "Behaviour log",
    "provision_map": "Provision map",
    "boxall": "Boxall profile",
    "results": "Examination results",
    "work": "A piece of work, or a photograph of it",
    "views": "The child’s views on paper",
    "invoice": "Invoice",
    "quote": "Quote",
    "minutes": "Minutes",
    "consent": "Consent",
    "other": "Something else",
}
NOT_FOR_HOME = frozenset({"exclusion", "behaviour", "invoice", "quote"})
"""Kinds that carers do not read here: council policy."""


def keep_file(
    *, child: Child, plan: Plan | None, kind: str, sent: UploadedFile, by: User, is_sensitive: bool = False
) -> Document:
    if kind not in KINDS:
        raise RefusedFile("Say what kind of document it is.")
    content, content_type = checked(sent, by)
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored_as = f"{FOLDER}/{uuid.uuid4().hex}"
    path = Path(settings.MEDIA_ROOT) / stored_as
    path.touch(mode=0o600)
    path.write_bytes(content)
    document = Document.objects.create(
        authority_id=child.authority_id,
        child=child,
        plan=plan,
        kind=kind,
        name=name_kept(sent.name or "file"),
        stored_as=stored_as,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        is_sensitive=is_sensitive,
        by_id=by.pk,
        by_name=by.name,
    )
    record(
        "document.added",
        by=by.pk,
        authority=child.authority_id,
        child=child.pk,
        document=str(document.public_id),
        kind=kind,
        size=document.size,
    )
    return document


def remove_file(document: Document, *, by: User) -> None:
    """The row's history stays in the log; the file itself goes."""
    Document.objects.filter(pk=document.pk).delete()
    path = Path(settings.MEDIA_ROOT, document.stored_as)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    record(
        "document.removed",
        by=by.pk,
        authority=document.authority_id,
        child=document.child_id,
        document=str(document.public_id),
        kind=document.kind,
    )


def checked(sent: UploadedFile, by: User) -> tuple[bytes, str]:
    """The content as it is kept, and its type."""
    today = Document.objects.filter(by_id=by.pk, at__date=timezone.localdate()).values_list("size", flat=True)
    return checked_content(sent, sum(today))
