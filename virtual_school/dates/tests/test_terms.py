"""Terms by their key."""

from virtual_school.dates.terms import in_time, term_words


def test_a_term_is_named_by_the_year_it_falls_in() -> None:
    assert [term_words(f"2026/27-{one}") for one in ("autumn", "spring", "summer")] == [
        "autumn term 2026",
        "spring term 2027",
        "summer term 2027",
    ]


def test_what_is_no_term_stays_as_it_is() -> None:
    assert term_words("") == ""
    assert term_words("before entry") == "before entry"


def test_terms_stand_in_the_order_of_the_school_year() -> None:
    keys = ["2026/27-summer", "2025/26-summer", "2026/27-autumn", "2026/27-spring", "2026/27-other"]
    assert sorted(keys, key=in_time) == [
        "2025/26-summer",
        "2026/27-autumn",
        "2026/27-spring",
        "2026/27-summer",
        "2026/27-other",
    ]
