"""Money typed in pounds and kept in whole pence."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from virtual_school.design.widgets import MoneyInput

AMOUNT = re.compile(r"(-?)£?(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")


def pounds(pence: int) -> str:
    """114050 as "1,140.50", 114000 as "1,140"."""
    whole, part = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}{whole:,}" + (f".{part:02d}" if part else "")


class MoneyField(forms.Field):
    """An amount in pence. `least` and `most` are in pence, both included; nothing below nought by default."""

    widget = MoneyInput

    def __init__(self, *, least: int = 0, most: int = 100_000_000_00, **options: Any) -> None:
        super().__init__(**options)
        self.least = least
        self.most = most

    @property
    def called(self) -> str:
        return str(self.label or "Amount").rstrip("?")

    def prepare_value(self, value: Any) -> Any:
        return pounds(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        text = re.sub(r"\s", "", str(value or ""))
        if not text:
            return None
        found = AMOUNT.fullmatch(text)
        if not found or (found[1] and found[2]):
            raise ValidationError(f"{self.called} must be an amount of money, like 250 or 1,140.50", code="invalid")
        if found[4] and len(found[4]) > 2:
            raise ValidationError(f"{self.called} must have no more than 2 places after the point", code="pence")
        pence = int(found[3].replace(",", "")) * 100 + int((found[4] or "0").ljust(2, "0"))
        pence = -pence if found[1] or found[2] else pence
        if pence < self.least:
            raise ValidationError(f"{self.called} must be £{pounds(self.least)} or more", code="too_little")
        if pence > self.most:
            raise ValidationError(f"{self.called} must be £{pounds(self.most)} or less", code="too_much")
        return pence

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        try:
            return self.to_python(data) != (initial if isinstance(initial, int) else self.to_python(initial))
        except ValidationError:
            return True
