"""Terms by their key, as 2026/27-autumn: in words, and in time."""

SEASONS = ("autumn", "spring", "summer")


def term_words(key: str) -> str:
    """autumn term 2026; spring and summer fall in the second of the two years. Another key stays as it is."""
    years, _, season = key.partition("-")
    if not years[:4].isdecimal():
        return key
    return f"{season} term {int(years[:4]) + (season != 'autumn')}"


def in_time(key: str) -> tuple[str, int]:
    """To put terms in order; a season that is none comes last."""
    years, _, season = key.partition("-")
    return years, SEASONS.index(season) if season in SEASONS else len(SEASONS)
