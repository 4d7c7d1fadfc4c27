"""What the invented authorities stand on: the register of schools, bank holidays and term dates."""

from collections.abc import Iterator
from datetime import date, timedelta

from virtual_school import shipped
from virtual_school.authorities.models import BankHoliday, TermDates
from virtual_school.children import bulk
from virtual_school.exchange import register
from virtual_school.schools.models import School

from .places import England, SchoolPlace, kind_of


def load_schools(today: date) -> bool:
    """The shipped register, where none is held yet. Tells whether it had to be loaded."""
    if School.objects.exists():
        return False
    changes = register.look(shipped.path("schools/schools.csv"), shipped.path("schools/links.csv"), say=_quietly)
    register.write(changes, today, say=_quietly)
    return True


def _quietly(words: str) -> None:
    """The command says itself what it does."""


def england() -> England:
    """The open schools that invented children may attend, out of the register held."""
    rows = School.objects.exclude(status_code="2").filter(la_code__isnull=False).order_by("urn")
    found = []
    for urn, name, la_code, number, postcode, phase, type_name, low, high, gender, east, north in rows.values_list(
        "urn", "name", "la_code", "establishment_number", "postcode", "phase_code", "type_name", "low_age", "high_age",
        "gender", "easting", "northing",
    ):  # fmt: skip
        kind = kind_of(phase, type_name)
        if kind and postcode:
            found.append(
                SchoolPlace(
                    urn, name, la_code, number, postcode, kind, low or 4, high or 16, gender, east or 0, north or 0
                )
            )
    return England(found)


def load_calendars(la_codes: list[int], today: date) -> None:
    """Bank holidays, the councils' own term dates where they are shipped, and usual ones for each of `la_codes`."""
    held = set(BankHoliday.objects.values_list("on", flat=True))
    holidays = shipped.bank_holidays()
    bulk.insert(
        "authorities_bankholiday", ("on", "title"), [(on, title) for on, title in holidays.items() if on not in held]
    )
    there = set(TermDates.objects.filter(la_code__isnull=False).values_list("la_code", flat=True))
    rows = [
        (int(row.la_code), None, row.academic_year.replace("-", "/"), row.kind, row.label, row.start, row.end, of)
        for row in shipped.term_dates()
        if int(row.la_code) not in there
        for of in [row.source]
    ]
    there |= {row[0] for row in rows}
    for code in la_codes:
        if code not in there:
            rows += [(code, None, *row, "invented for the demonstration") for row in usual_terms(today)]
    columns = ("la_code", "urn", "academic_year", "kind", "label", "starts", "ends", "source")
    bulk.insert("authorities_termdates", columns, rows)


def usual_terms(today: date) -> Iterator[tuple[str, str, str, date, date]]:
    """Terms and half terms as most councils have them, from three years back to two ahead."""
    for year in range(today.year - 3, today.year + 3):
        label = f"{year}/{(year + 1) % 100:02d}"
        easter = _easter(year + 1)
        back = _monday(date(year, 8, 31)) + timedelta(days=1)
        christmas = _monday(date(year, 12, 21)) - timedelta(days=3)
        new_year = _monday(date(year + 1, 1, 2))
        new_year += timedelta(days=new_year.day == 2)
        is_late = easter >= date(year + 1, 4, 10)
        spring_break = easter - timedelta(days=9 if is_late else 3)
        summer_back = easter + timedelta(days=8 if is_late else 15)
        end = _monday(date(year + 1, 7, 20)) + timedelta(days=1)
        yield label, "term", "Autumn term", back, christmas
        yield label, "holiday", "Autumn half term", *_week(date(year, 10, 24))
        training = _monday(date(year, 10, 31))
        yield label, "closure", "Staff training day", training, training
        yield label, "term", "Spring term", new_year, spring_break
        yield label, "holiday", "Spring half term", *_week(date(year + 1, 2, 12))
        yield label, "term", "Summer term", summer_back, end
        yield label, "holiday", "Summer half term", *_week(date(year + 1, 5, 25))


def _monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _week(day: date) -> tuple[date, date]:
    return _monday(day), _monday(day) + timedelta(days=4)


def _easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus."""
    golden, century, of_century = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
