"""The children of the walk-through, whose days are written out, told for 24 November 2026; they move with today."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random

from . import lives, record
from .lives import HomeStart, Story
from .places import PRIMARY, SECONDARY, Area, SchoolPlace
from .schooling import Attended
from .subjects import Subject

TOLD_FOR = date(2026, 11, 24)
Day = Callable[[int, int, int], date]


def cast(rng: Random, area: Area, today: date) -> list[Subject]:
    """Those in care first; of them, those whose days matter most lead."""
    shift = today - TOLD_FOR

    def day(year: int, month: int, of_month: int) -> date:
        return date(year, month, of_month) + shift

    made = _Made(rng, area, day)
    return [
        made.kai(), made.yonas(), made.ayaan(), made.lacey(), made.noah(), made.riley(), made.poppy(), *made.reeves(),
        made.kacper(), made.freya(), made.harley(), made.abdul(), made.isla(), made.sofia(), made.bilal(),
    ]  # fmt: skip


class _Made:
    def __init__(self, rng: Random, area: Area, day: Day) -> None:
        self.rng, self.area, self.day = rng, area, day
        self.family = area.inside[len(area.inside) // 2]

    def school(self, kind: str, group: int, sex: str, place: int = 0) -> SchoolPlace:
        return self.area.england.nearest(self.family, kind, group, sex)[place]

    def home(self, on: date, place: str, where: str, carer: str = "", emergency: bool | None = False) -> HomeStart:
        home = lives.a_home(self.rng, self.area, self.family, lives.kind_of(place), place, where)
        if carer:
            home = replace(home, carer=carer)
        return HomeStart(on, home, "CREQB", emergency)

    def story(self, legal: list[tuple[date, str]], homes: list[HomeStart], need: str = "N1") -> Story:
        return Story(starts=legal[0][0], family=self.family, legal=legal, homes=homes, need=need)

    def subject(
        self, name: str, sex: str, born: date, ethnicity: str, band: str, story: Story, **more: object
    ) -> Subject:
        forename, surname = name.split(" ", 1)
        return Subject(forename, surname, sex, born, ethnicity, band, story=story, is_pictured=True, **more)

    def kai(self) -> Subject:
        day = self.day
        story = self.story(
            [(day(2023, 3, 2), "V2"), (day(2023, 4, 20), "C1"), (day(2023, 12, 14), "C2")],
            [
                self.home(day(2023, 3, 2), "U6", "in"),
                self.home(day(2023, 8, 11), "U4", "in", "Carol and Dean Whitaker"),
                self.home(day(2026, 10, 23), "U6", "near", "Janet and Paul Rowe", True),
            ],
        )
        at = [
            Attended(self.school(PRIMARY, 5, "M"), "", day(2019, 9, 3), day(2023, 7, 22), "moved up"),
            Attended(self.school(SECONDARY, 10, "M"), "", day(2023, 9, 5), day(2026, 10, 23), "moved home"),
        ]
        reviews = [
            day(2023, 3, 28), day(2023, 6, 20), day(2023, 12, 19), day(2024, 6, 18), day(2024, 12, 17),
            day(2025, 6, 16), day(2025, 12, 15), day(2026, 6, 12), day(2026, 12, 10),
        ]  # fmt: skip
        return self.subject(
            "Kai Bennett", "M", day(2012, 3, 14), "WBRI", "10-15", story, attended=at, first_reviews=reviews,
            first_plan=(day(2023, 3, 1), day(2023, 3, 15), day(2023, 3, 20), "Good"),
            this_term=(day(2026, 9, 14), day(2026, 12, 2), None, ""), adviser=0,
        )  # fmt: skip

    def yonas(self) -> Subject:
        day = self.day
        story = self.story(
            [(day(2026, 9, 25), "V2")], [self.home(day(2026, 9, 25), "U6", "near", emergency=True)], "N8"
        )
        return self.subject(
            "Yonas Tesfay", "M", day(2011, 5, 2), "BAFR", "alone", story, is_alone=True, attended=[],
            first_reviews=[day(2026, 10, 20)], adviser=1,
            first_plan=(day(2026, 10, 5), day(2026, 10, 19), day(2026, 10, 26), ""),
        )  # fmt: skip

    def ayaan(self) -> Subject:
        day = self.day
        story = self.story(
            [(day(2026, 10, 26), "V2"), (day(2026, 11, 19), "C1")], [self.home(day(2026, 10, 26), "U6", "in")]
        )
        at = [Attended(self.school(PRIMARY, 5, "M"), "", day(2021, 9, 7))]
        return self.subject(
            "Ayaan Malik", "M", day(2017, 1, 20), "APKN", "5-9", story, attended=at, first_reviews=[],
            first_plan=(day(2026, 10, 24), day(2026, 11, 12), None, ""),
        )  # fmt: skip

    def lacey(self) -> Subject:
        day = self.day
        story = self.story([(day(2026, 10, 30), "V2")], [self.home(day(2026, 10, 30), "U3", "in")])
        at = [
            Attended(self.school(PRIMARY, 5, "F"), "", day(2018, 9, 4), day(2025, 7, 22), "moved up"),
            Attended(self.school(SECONDARY, 8, "F"), "", day(2025, 9, 2)),
        ]
        return self.subject(
            "Lacey Ogden", "F", day(2014, 2, 9), "WBRI", "10-15", story, attended=at, adviser=0,
            first_reviews=[day(2026, 11, 26)], first_plan=(day(2026, 10, 28), day(2026, 11, 10), day(2026, 11, 17), ""),
        )  # fmt: skip

    def noah(self) -> Subject:
        day = self.day
        story = self.story(
            [(day(2026, 11, 6), "L1"), (day(2026, 11, 9), "C1")],
            [self.home(day(2026, 11, 6), "U6", "in", emergency=True)],
        )
        at = [Attended(self.school(PRIMARY, 0, "M"), "", day(2026, 9, 4))]
        return self.subject(
            "Noah Sutcliffe", "M", day(2022, 1, 11), "WBRI", "1-4", story, attended=at, first_reviews=[],
            first_plan=(None, None, None, ""),
        )  # fmt: skip

    def _settled(self, since: date, ordered: date) -> Story:
        return self.story([(since, "C1"), (ordered, "C2")], [self.home(since, "U4", "in")])

    def riley(self) -> Subject:
        day = self.day
        at = [
            Attended(self.school(PRIMARY, 5, "M"), "", day(2017, 9, 5), day(2024, 7, 22), "moved up"),
            Attended(self.school(SECONDARY, 9, "M"), "", day(2024, 9, 3)),
        ]
        return self.subject(
            "Riley Shaw", "M", day(2013, 3, 5), "WBRI", "10-15", self._settled(day(2024, 2, 5), day(2024, 10, 1)),
            attended=at, this_term=(day(2026, 9, 15), day(2026, 11, 9), None, ""), faults={record.NO_UPN},
        )  # fmt: skip

    def poppy(self) -> Subject:
        day = self.day
        at = [Attended(self.school(PRIMARY, 6, "F"), "", day(2020, 9, 3))]
        return self.subject(
            "Poppy Aldous", "F", day(2016, 4, 17), "WBRI", "10-15", self._settled(day(2022, 5, 9), day(2023, 1, 17)),
            attended=at, this_term=(day(2026, 9, 21), day(2026, 11, 4), None, "Requires improvement"),
        )  # fmt: skip

    def reeves(self) -> list[Subject]:
        """Sister and brother, in care since yesterday."""
        day = self.day
        story = self.story([(day(2026, 11, 23), "V2")], [self.home(day(2026, 11, 23), "U6", "far", emergency=True)])
        found = []
        for name, sex, born, began in (
            ("Maddison Reeve", "F", day(2019, 11, 28), day(2024, 9, 3)),
            ("Tyler Reeve", "M", day(2018, 1, 15), day(2022, 9, 6)),
        ):
            at = [Attended(self.school(PRIMARY, 3, sex), "", began)]
            found.append(
                self.subject(
                    name,
                    sex,
                    born,
                    "WBRI",
                    "5-9",
                    story,
                    attended=at,
                    first_reviews=[],
                    first_plan=(None, None, None, ""),
                )
            )
        return found

    def kacper(self) -> Subject:
        day = self.day
        story = self.story([(day(2026, 11, 23), "C1")], [self.home(day(2026, 11, 23), "U6", "in")])
        at = [
            Attended(self.school(PRIMARY, 5, "M"), "", day(2019, 9, 3), day(2026, 7, 21), "moved up"),
            Attended(self.school(SECONDARY, 7, "M"), "", day(2026, 9, 2)),
        ]
        return self.subject(
            "Kacper Zieliński", "M", day(2015, 3, 22), "WOTH", "10-15", story, attended=at, first_reviews=[],
            first_plan=(day(2026, 11, 20), None, None, ""),
        )  # fmt: skip

    def freya(self) -> Subject:
        day = self.day
        story = self._settled(day(2023, 6, 12), day(2024, 3, 4))
        story.homes.append(self.home(day(2026, 11, 20), "U6", "near"))
        at = [
            Attended(self.school(PRIMARY, 5, "F"), "", day(2018, 9, 4), day(2025, 7, 22), "moved up"),
            Attended(self.school(SECONDARY, 8, "F"), "", day(2025, 9, 2)),
        ]
        return self.subject("Freya Lindley", "F", day(2013, 12, 1), "WBRI", "10-15", story, attended=at)

    def harley(self) -> Subject:
        day = self.day
        at = [Attended(self.school(SECONDARY, 10, "M"), "", day(2021, 9, 7), day(2026, 6, 26), "course ended")]
        return self.subject(
            "Harley Whitworth", "M", day(2010, 2, 8), "WBRI", "16-17", self._settled(day(2021, 1, 18), day(2021, 9, 6)),
            attended=at, adviser=3,
        )  # fmt: skip

    def abdul(self) -> Subject:
        day = self.day
        home = self.home(day(2026, 11, 11), "U6", "in", emergency=True)
        story = self.story([(day(2026, 11, 11), "V2")], [home], "N8")
        return self.subject(
            "Abdul Rahimi", "M", day(2012, 4, 30), "AOTH", "alone", story, is_alone=True, attended=[], first_reviews=[],
            first_plan=(day(2026, 11, 17), None, None, ""), adviser=1,
        )  # fmt: skip

    def isla(self) -> Subject:
        day = self.day
        story = self.story(
            [(day(2024, 8, 5), "V2"), (day(2024, 9, 2), "C1"), (day(2025, 5, 13), "E1")],
            [self.home(day(2024, 8, 5), "U6", "in"), self.home(day(2026, 2, 16), "A6", "near")],
        )
        story.ends, story.end_reason = day(2026, 11, 20), "E11"
        at = [Attended(self.school(PRIMARY, 0, "F"), "", day(2026, 9, 4))]
        return self.subject(
            "Isla Greenwood", "F", day(2022, 6, 19), "WBRI", "1-4", story, cohort="previously_looked_after", attended=at
        )

    def sofia(self) -> Subject:
        day = self.day
        story = self._settled(day(2023, 10, 2), day(2024, 7, 1))
        story.homes[0].home = replace(story.homes[0].home, place="U3")
        story.ends, story.end_reason = day(2026, 11, 16), "E45"
        at = [Attended(self.school(PRIMARY, 3, "F"), "", day(2022, 9, 6))]
        return self.subject(
            "Sofia Kamińska", "F", day(2018, 5, 3), "WOTH", "5-9", story, cohort="previously_looked_after", attended=at
        )

    def bilal(self) -> Subject:
        day = self.day
        story = self._settled(day(2020, 3, 9), day(2020, 11, 23))
        story.ends, story.end_reason = day(2026, 11, 14), "E17"
        return self.subject("Bilal Aziz", "M", day(2008, 11, 14), "APKN", "16-17", story, cohort="care_leaver")
