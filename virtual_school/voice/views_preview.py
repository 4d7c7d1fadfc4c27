"""A set as a child will see it, one question a page, in each language: for whoever decides what is asked.

Nothing is kept. Beside each question stands whether its words have been checked, and whether the set was tried.
"""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission

from .languages import ENGLISH, LANGUAGES
from .models import SetVersion
from .my import OLDER, YOUNG
from .own_sets import in_force, latest, set_in_force, set_of_version
from .packs_kept import packs_of_council
from .saved import with_media
from .sets import QuestionSet, library, sitting
from .settings_of import policy_for, readers_of
from .views_gallery import more_cards
from .words import Phrases, translations

VERSIONS = {"now": "in force", "latest": "to come", "ours": "as it came"}


@with_media
@requires(Permission.POLICY_WRITE)
def preview(request: HttpRequest, key: str) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    code, today = person.authority_code or 0, timezone.localdate()
    if key not in library().sets:
        raise Http404
    now, last = in_force(code, key, today), latest(code, key).version
    wanted = request.GET.get("version", "now")
    held = _held(code, key, wanted, last)
    asked = sitting(held.questions)
    questions = (*asked.first, *asked.more)
    number = _number(request.GET.get("question", "1"), len(questions))
    language = request.GET.get("language", ENGLISH)
    language = language if language in LANGUAGES else ENGLISH
    if request.method == "POST":
        step = -1 if request.POST.get("do") == "back" else 1
        then = _number(str(number + step), len(questions))
        query = {"question": then, "language": language, "version": wanted}
        return redirect(f"{reverse('voice:preview', args=[key])}?{urlencode(query)}")
    readers = readers_of(code, today)
    question, phrases = questions[number - 1], Phrases(language)
    return render(
        request, "voice/sets/preview.html",
        {
            "set": held, "question": question, "number": number, "count": len(questions), "phrases": phrases,
            "is_more": number > len(asked.first), "is_young": key in YOUNG, "is_older": key in OLDER, "packs": packs_of_council(code),
            "more_cards": more_cards(question), "numbers": policy_for(code, today), "reads": {"name": readers[0].known_as if readers else ""},
            "way": request.GET.get("way", ""), "version": wanted, "language": language, "now": now, "last": last,
            "languages": [one for one in LANGUAGES.values() if one.code == ENGLISH or translations(one.code)],
            "versions": _versions(now, last), "words": phrases.question(question),
            "translation": translations(language).get(question.key) if language != ENGLISH else None,
        },
    )  # fmt: skip


def _held(code: int, key: str, wanted: str, last: SetVersion | None) -> QuestionSet:
    if wanted == "now":
        return set_in_force(code, key, timezone.localdate())
    if wanted == "latest" and last is not None:
        return set_of_version(code, key, f"+{last.version}")
    if wanted == "ours":
        return library().sets[key]
    raise Http404


def _versions(now: SetVersion | None, last: SetVersion | None) -> list[tuple[str, str]]:
    """Those that differ: what counts today, what is to come, and ours beneath."""
    found = ["now"]
    if last is not None and last != now:
        found.append("latest")
    if now is not None or last is not None:
        found.append("ours")
    return [(key, VERSIONS[key]) for key in found]


def _number(given: str, most: int) -> int:
    return min(max(int(given), 1), most) if given.lstrip("-").isdecimal() and len(given) < 4 else 1
