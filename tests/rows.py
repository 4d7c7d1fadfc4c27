"""A row in every protected table, so that no test of access passes because there was nothing to see."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.attendance.models_calls import OfAuthority
from virtual_school.children.models import Child
from virtual_school.identity.acting import SET, acting
from virtual_school.identity.seal import Claims, sealed, service
from virtual_school.voice.models import Entry, Media, VoiceAnswer

LOGS = {"audit_change", "audit_event", "audit_read"}
"""Written by what is done, not by hand."""
FIRST_DAY = datetime.date(2026, 9, 1)
SPECIAL: dict[str, dict[str, Any]] = {
    "schools_enrolment": {"provision": "Riverside Tuition", "kind": "subsidiary"},
    "children_involvement": {"role": "personal_adviser"},
    "voice_voiceanswer": {"seen_by": ["designated_teacher", "where_i_live", "everyone_in_meeting"]},
}
"""Columns that a check asks for, by table."""


def protected_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
            " and relrowsecurity and relforcerowsecurity order by relname",
            [],
        )
        return [name for (name,) in cursor.fetchall()]


def protected_models() -> list[type[models.Model]]:
    held = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return [held[table] for table in protected_tables() if table not in LOGS]


def is_about_a_child(model: type[models.Model]) -> bool:
    return any(field.name == "child" for field in model._meta.fields)


Made = dict[type[models.Model], models.Model]


def fill(children: Iterable[Child], person: User) -> None:
    of_authority: dict[int, Made] = {}
    for child in children:
        Filler(child, person, of_authority.setdefault(child.authority_id, {})).fill_all()


class Filler:
    """Makes rows about one child, and what they hang on, as the service itself.

    `of_authority` are the rows that are about no child, which the children of an authority share.
    """

    def __init__(self, child: Child, person: User, of_authority: Made) -> None:
        self.child, self.person = child, person
        self.of_child: Made = {Child: child}
        self.of_authority = of_authority

    def fill_all(self) -> None:
        with acting(service(self.child.authority_id)):
            for model in protected_models():
                if model is not Media:
                    self.row(model)
            self.add_media()

    def add_media(self) -> None:
        """A file is seen only beside the answer it belongs to, and made only by whoever gives that answer."""
        entry, answer = self.of_child[Entry], self.of_child[VoiceAnswer]
        with connection.cursor() as cursor:
            cursor.execute(SET, [*sealed(Claims(voice_entry=entry.pk)), "{}"])
            values = {field.name: self.value(field) for field in Media._meta.concrete_fields if self.is_needed(field)}
            made = self.of_child[Media] = Media.objects.create(**values)
            VoiceAnswer.objects.filter(pk=answer.pk).update(media=made)
            cursor.execute(SET, [*sealed(service(self.child.authority_id)), "{}"])

    def row(self, model: type[models.Model]) -> models.Model:
        made = self.of_child if model is Child or is_about_a_child(model) else self.of_authority
        if model not in made:
            given = SPECIAL.get(model._meta.db_table, {})
            values = {
                field.name: given.get(field.name, self.value(field))
                for field in model._meta.concrete_fields
                if field.name in given or self.is_needed(field)
            }
            made[model] = model.objects.create(**values)
        return made[model]

    def is_needed(self, field: models.Field) -> bool:
        automatic = getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False)
        if field.name in {"authority", "child"} or (field.name == "school" and issubclass(field.model, OfAuthority)):
            return True
        return not (field.primary_key or field.null or field.has_default() or automatic)

    def value(self, field: models.Field) -> Any:
        if isinstance(field, models.ForeignKey):
            return self.related(field.remote_field.model)
        if field.unique and isinstance(field, models.CharField | models.TextField):
            return uuid.uuid4().hex
        if field.choices:
            return field.choices[0][0]
        if isinstance(field, models.DateTimeField):
            return timezone.now()
        if isinstance(field, models.DateField):
            return FIRST_DAY
        if isinstance(field, models.JSONField):
            return {}
        if isinstance(field, models.BooleanField):
            return False
        if isinstance(field, models.UUIDField):
            return uuid.uuid4()
        if isinstance(field, models.BinaryField):
            return b""
        if isinstance(field, models.IntegerField | models.FloatField | models.DecimalField):
            return 1
        return "x"

    def related(self, model: type[models.Model]) -> models.Model:
        if model._meta.label == "authorities.Authority":
            return self.child.authority
        if model._meta.label == "schools.School":
            return model.objects.order_by("urn")[0]  # of the national register, which is not made here
        return self.person if model is User else self.row(model)
