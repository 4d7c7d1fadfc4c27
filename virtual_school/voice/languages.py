"""Languages the voice pages know: each one's own name, its direction, and whether it is mostly spoken."""

from dataclasses import dataclass

from virtual_school.voice.sets import Card, Question

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """`font`: a family of voice/static/voice/fonts that this script needs; "" where the system's own does."""

    code: str
    english: str
    own: str
    direction: str = "ltr"
    font: str = ""
    is_mostly_spoken: bool = False


LANGUAGES = {
    language.code: language
    for language in (
        Language("en", "English", "English"),
        Language("ar", "Arabic", "العربية", "rtl", "arabic"),
        Language("fa-af", "Dari", "دری", "rtl", "arabic"),
        Language("ps", "Pashto", "پښتو", "rtl", "arabic"),
        Language("fa", "Persian", "فارسی", "rtl", "arabic"),
        Language("ckb", "Kurdish (Sorani)", "کوردیی ناوەندی", "rtl", "arabic"),
        Language("ku", "Kurdish (Kurmanji)", "Kurdî (Kurmancî)"),
        Language("ti", "Tigrinya", "ትግርኛ", "ltr", "ethiopic"),
        Language("am", "Amharic", "አማርኛ", "ltr", "ethiopic"),
        Language("om", "Oromo", "Afaan Oromoo"),
        Language("so", "Somali", "Soomaali"),
        Language("vi", "Vietnamese", "Tiếng Việt"),
        Language("tr", "Turkish", "Türkçe"),
        Language("sq", "Albanian", "Shqip"),
        Language("ur", "Urdu", "اردو", "rtl", "arabic"),
        Language("bn", "Bengali", "বাংলা"),
        Language("uk", "Ukrainian", "Українська"),
        Language("ro", "Romanian", "Română"),
        Language("pl", "Polish", "Polski"),
        Language("fr", "French", "Français"),
        Language("pt", "Portuguese", "Português"),
        Language("zag", "Zaghawa", "Zaghawa", is_mostly_spoken=True),
        Language("fvr", "Fur", "Fur", is_mostly_spoken=True),
        Language("mls", "Masalit", "Masalit", is_mostly_spoken=True),
        Language("tig", "Tigre", "ትግረ", "ltr", "ethiopic", is_mostly_spoken=True),
        Language("byn", "Bilen", "ብሊን", "ltr", "ethiopic", is_mostly_spoken=True),
        Language("ssy", "Saho", "Saho", is_mostly_spoken=True),
        Language("aa", "Afar", "Qafar", is_mostly_spoken=True),
        Language("pga", "Juba Arabic", "Arabi Juba", is_mostly_spoken=True),
        Language("din", "Dinka", "Thuɔŋjäŋ", is_mostly_spoken=True),
        Language("nus", "Nuer", "Thok Naath", is_mostly_spoken=True),
    )
}


def direction(code: str) -> str:
    """ "rtl" or "ltr". A language we do not know is read from left to right."""
    found = LANGUAGES.get(code)
    return found.direction if found else "ltr"


def language_cards(question: Question) -> tuple[Card, ...]:
    """One card a language, in its own name and in English, for a question that asks which."""
    if question.cards != "LANGUAGES":
        return ()
    return tuple(
        Card(
            f"language_{language.code}",
            language.own if language.own == language.english else f"{language.own} · {language.english}",
        )
        for language in LANGUAGES.values()
    )


def for_django() -> dict[str, dict[str, object]]:
    """Entries for Django's LANG_INFO of the languages it does not know, or knows under another's name."""
    return {
        language.code: {
            "bidi": language.direction == "rtl",
            "code": language.code,
            "name": language.english,
            "name_local": language.own,
        }
        for language in LANGUAGES.values()
    }
