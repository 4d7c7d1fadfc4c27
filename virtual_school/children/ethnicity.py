"""Ethnic background: the codes of the yearly return, in their words."""

WORDS = {
    "WBRI": "White British", "WIRI": "White Irish", "WIRT": "Traveller of Irish heritage", "WROM": "Gypsy or Roma",
    "WOTH": "Any other White background", "MWBC": "White and Black Caribbean", "MWBA": "White and Black African",
    "MWAS": "White and Asian", "MOTH": "Any other mixed background", "AIND": "Indian", "APKN": "Pakistani",
    "ABAN": "Bangladeshi", "AOTH": "Any other Asian background", "BCRB": "Black Caribbean", "BAFR": "Black African",
    "BOTH": "Any other Black background", "CHNE": "Chinese", "OOTH": "Any other ethnic group",
    "REFU": "Declined to say", "NOBT": "Not yet obtained",
}  # fmt: skip
NOT_OBTAINED = "NOBT"


def with_words(code: str) -> str:
    """White British (WBRI). A code that is not of the return stays as it was received."""
    words = WORDS.get(code)
    return f"{words} ({code})" if words else code
