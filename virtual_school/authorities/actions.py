"""Opening an authority: its name, and the calendars shipped for it."""

from django.db import transaction

from virtual_school import shipped

from .models import Authority, BankHoliday, TermDates


class NoSuchAuthority(ValueError):
    """The code is not that of an authority; the words say what to do."""


@transaction.atomic
def open_authority(code: int, *, is_invented: bool = False) -> Authority:
    """The authority, made the first time it is named. Raises NoSuchAuthority.

    `is_invented` marks one made for a demonstration or a trial; it is never taken away from one that is real.
    """
    held = Authority.objects.filter(code=code).first()
    if held:
        return held
    known = next((a for a in shipped.authorities() if a.code == str(code)), None)
    if known is None:
        raise NoSuchAuthority(
            f"{code} is not the code of an authority. Use the Department for Education's three digits, "
            "such as 330 for Birmingham."
        )
    if not known.current:
        became = " or ".join(known.successors)
        raise NoSuchAuthority(f"{known.name} ({code}) is no longer an authority. It became {became}.")
    authority = Authority.objects.create(
        code=code, name=known.name, gss_code=known.gss_code, region=known.region, is_invented=is_invented
    )
    load_bank_holidays()
    TermDates.objects.bulk_create(
        [
            TermDates(
                la_code=code,
                academic_year=row.academic_year.replace("-", "/"),
                kind=row.kind,
                label=row.label,
                starts=row.start,
                ends=row.end,
                source=row.source,
            )
            for row in shipped.term_dates()
            if row.la_code == str(code)
        ],
        ignore_conflicts=True,
    )
    return authority


def load_bank_holidays() -> None:
    held = set(BankHoliday.objects.values_list("on", flat=True))
    BankHoliday.objects.bulk_create(
        [BankHoliday(on=day, title=title) for day, title in shipped.bank_holidays().items() if day not in held],
        ignore_conflicts=True,
    )
