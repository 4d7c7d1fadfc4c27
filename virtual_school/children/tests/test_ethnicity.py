import csv

from virtual_school.children.ethnicity import WORDS, with_words
from virtual_school.shipped import DATA


def test_the_words_are_those_of_the_yearly_return() -> None:
    with (DATA / "codes" / "codes.csv").open(encoding="utf-8") as file:
        published = {
            row["code"]: row["description"]
            for row in csv.DictReader(file)
            if (row["standard"], row["field"]) == ("SSDA903", "ETHNIC")
        }
    assert published == WORDS


def test_the_code_is_kept_beside_the_words() -> None:
    assert with_words("WBRI") == "White British (WBRI)"


def test_a_code_of_another_list_stays_as_it_was_received() -> None:
    assert with_words("WENG") == "WENG" and with_words("") == ""
