"""A council's colour: checked for contrast, and served as a stylesheet of one line."""

import re

from django.core.exceptions import ValidationError

LEAST_CONTRAST = 4.5
"""Of white text on the colour: WCAG 2.2, success criterion 1.4.3, level AA."""
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def contrast_with_white(colour: str) -> float:
    """By WCAG's relative luminance; `colour` is #rrggbb."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def is_usable(colour: str) -> bool:
    return bool(COLOUR.fullmatch(colour)) and contrast_with_white(colour) >= LEAST_CONTRAST


def validate_colour(colour: str) -> None:
    if not COLOUR.fullmatch(colour):
        raise ValidationError("Colour must be # and six digits or letters a to f, like #0d4a52")
    if not is_usable(colour):
        raise ValidationError(
            f"White text on {colour} is too faint to read: its contrast is "
            f"{contrast_with_white(colour):.1f} to 1, and must be 4.5 to 1 or more. Choose a darker colour"
        )


def stylesheet(colour: str) -> str:
    return f":root {{ --govuk-brand-colour: {colour}; }}\n"
