"""Widgets that need more than Django's own carry: widths, prefixes, hints, what an answer reveals."""

from collections.abc import Mapping
from typing import Any

from django import forms


def input_attrs(width: int | None, attrs: dict[str, Any] | None) -> dict[str, Any]:
    """Attributes with GOV.UK's class for a width of so many characters: 2, 3, 4, 5, 10, 20 or 30."""
    if width is None:
        return attrs or {}
    return {**(attrs or {}), "class": f"{(attrs or {}).get('class', '')} govuk-input--width-{width}".strip()}


class TextInput(forms.TextInput):
    """One line of text, by its width, with a unit before or after it."""

    template_name = "design/forms/widgets/input.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        width: int | None = None,
        prefix: str = "",
        suffix: str = "",
    ) -> None:
        super().__init__(input_attrs(width, attrs))
        self.prefix = prefix
        self.suffix = suffix

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"prefix": self.prefix, "suffix": self.suffix}
        return context


class NumberInput(TextInput):
    """A number typed as text: GOV.UK advises against `type="number"`."""

    def __init__(self, attrs: dict[str, Any] | None = None, **options: Any) -> None:
        super().__init__({"inputmode": "numeric", **(attrs or {})}, **options)


class MoneyInput(TextInput):
    def __init__(self, attrs: dict[str, Any] | None = None, *, width: int = 10) -> None:
        super().__init__({"inputmode": "decimal", "spellcheck": "false", **(attrs or {})}, width=width, prefix="£")


class PasswordInput(forms.PasswordInput):
    """A new password or a present one, as `autocomplete` says."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, new: bool = False) -> None:
        super().__init__({"autocomplete": "new-password" if new else "current-password", **(attrs or {})})


class Textarea(forms.Textarea):
    def __init__(self, *, rows: int = 5, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": rows, **(attrs or {})})
        del self.attrs["cols"]


class CharacterCount(Textarea):
    """Text with a count of the characters left. The form checks the limit: the browser never cuts text off."""

    template_name = "design/forms/widgets/character_count.html"

    def __init__(self, maxlength: int, *, rows: int = 5, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(rows=rows, attrs=attrs)
        self.maxlength = maxlength

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"].pop("maxlength", None)
        context["widget"]["maxlength"] = self.maxlength
        return context


class Choices(forms.widgets.ChoiceWidget):
    """What radios and checkboxes share.

    `hints` and `conditional` are by the choice's value: words beneath it, and the name of the form's field that
    choosing it reveals. `divider_before` puts the word "or" before a choice; `exclusive` is the value of a
    checkbox that empties the others ("None of these").
    """

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[Any, str] | None = None,
        conditional: Mapping[Any, str] | None = None,
        divider_before: Any = None,
        exclusive: Any = None,
        inline: bool = False,
        small: bool = False,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = {str(value): words for value, words in (hints or {}).items()}
        self.conditional = {str(value): name for value, name in (conditional or {}).items()}
        self.revealed: dict[str, str] = {}
        self.divider_before = divider_before
        self.exclusive = exclusive
        self.inline = inline
        self.small = small

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "inline": self.inline,
            "small": self.small,
        }
        n = 0
        for _, options, _ in context["widget"]["optgroups"]:
            for option in options:
                n += 2 if option["divider"] else 1
                option["number"] = n
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        same = str(value)
        return option | {
            "hint": self.hints.get(same, ""),
            "reveals": self.revealed.get(same, ""),
            "divider": "or" if self.divider_before is not None and same == str(self.divider_before) else "",
            "exclusive": self.exclusive is not None and same == str(self.exclusive),
        }


class Radios(Choices, forms.RadioSelect):
    pass


class Checkboxes(Choices, forms.CheckboxSelectMultiple):
    pass


class DateInput(forms.Widget):
    """Day, month and year in three boxes, posted as `name-day`, `name-month` and `name-year`."""

    template_name = "design/forms/widgets/date.html"
    use_fieldset = True
    parts = ("day", "month", "year")

    def __init__(self, attrs: dict[str, Any] | None = None, *, birthday: bool = False) -> None:
        super().__init__(attrs)
        self.birthday = birthday
        self.wrong_parts: tuple[str, ...] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        values = value if isinstance(value, tuple) else ("", "", "")
        base = context["widget"]["attrs"].get("id") or name
        context["widget"]["parts"] = [
            {
                "name": f"{name}-{part}",
                "id": f"{base}-{part}",
                "label": part.capitalize(),
                "value": "" if given is None else str(given),
                "width": 4 if part == "year" else 2,
                "autocomplete": f"bday-{part}" if self.birthday else "",
                "wrong": part in self.wrong_parts,
            }
            for part, given in zip(self.parts, values, strict=True)
        ]
        return context

    def format_value(self, value: Any) -> Any:
        return value

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str, str] | None:
        given = tuple(str(data.get(f"{name}-{part}") or "").strip() for part in self.parts)
        return given if any(given) else None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}-{part}" in data for part in self.parts)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-day" if id_ else ""
