from virtual_school.attendance.comparators import published


def test_englands_absence_of_children_in_care_is_cited_with_its_year() -> None:
    england = [one for one in published(330) if one.level == "England"]
    assert [(one.year, one.absence, one.persistent, one.severe) for one in england] == [
        ("2024/25", 9.0, 20.3, 6.4),
        ("2023/24", 8.8, 20.8, 5.7),
    ]
    assert england[0].citation == (
        "Department for Education, Outcomes for children in need, including children looked after, 2024/25"
    )


def test_an_authority_stands_beside_its_region_and_england() -> None:
    assert [(one.year, one.level) for one in published(330)] == [
        (year, level) for year in ("2024/25", "2023/24") for level in ("England", "region", "authority")
    ]


def test_a_suppressed_figure_keeps_its_symbol_and_is_no_number() -> None:
    found = [one for code in (420, 838, 201, 857) for one in published(code) if one.level == "authority"]
    hidden = [one for one in found if one.symbols]
    assert hidden
    for one in hidden:
        for measure, symbol in one.symbols:
            assert getattr(one, measure) is None
            assert symbol in {"c", "z"}
