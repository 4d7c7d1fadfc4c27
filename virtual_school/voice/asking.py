"""What adults do before a child says anything: invite, hand the page over, or say why there are no views."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.authorities.queries import school_calendars
from virtual_school.children.models import Child
from virtual_school.dates.ages import age_on, year_group

from .handover import Code, new_code
from .models import Entry, Invitation
from .own_sets import set_in_force
from .people import account_of, shown_of
from .rules import ask_days
from .sets import set_for
from .settings_of import policy_for


class Refused(ValueError):
    """Why an adult cannot do this, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helping:
    """How an entry is given, as the adult who hands it over says. `helper` is somebody around the child."""

    mode: str
    helper: User | None = None
    helper_name: str = ""
    helper_role: str = ""
    is_helper_chosen: bool = False
    interpreter: str = ""
    place: str = ""
    device: str = ""
    language: str = "en"
    question_set: str = ""


def invite(
    *,
    child: Child,
    cycle: str,
    meeting_on: date | None,
    by: User | None,
    speaker: str = "child",
    speaker_name: str = "",
) -> Invitation:
    """Asked before a meeting. Doing it again moves the days with the meeting, and asks nobody twice."""
    ask_from = again = None
    if meeting_on is not None:
        policy = policy_for(child.authority_id, timezone.localdate())
        calendar, _ = school_calendars(child.authority_id, child.authority.name)
        ask_from, again = ask_days(
            calendar, meeting_on, policy.ask_school_days_before, policy.ask_again_school_days_before
        )
    made, is_new = Invitation.objects.update_or_create(
        authority_id=child.authority_id, child=child, cycle=cycle, speaker=speaker, speaker_name=speaker_name,
        defaults={"meeting_on": meeting_on, "ask_from": ask_from, "ask_again_on": again},
    )  # fmt: skip
    if is_new:
        record(
            "voice.invited", by=by.pk if by else None, authority=child.authority_id, child=child.pk, cycle=cycle,
            speaker=speaker,
        )  # fmt: skip
    return made


def offered_set(child: Child, on: date) -> str:
    if child.born is None:
        return set_for(None)
    after_school = year_group(child.born, on) >= 12
    return set_for(age_on(child.born, on), {"after_year_11"} if after_school else frozenset())


def latest_entry(child: Child, cycle: str, speaker: str = "child", speaker_name: str = "") -> Entry | None:
    """The one that counts: the last attempt that somebody began, else the last there is."""
    rows = list(
        Entry.objects.filter(child=child, cycle=cycle, speaker=speaker, speaker_name=speaker_name).order_by("-attempt")
    )
    return next((one for one in rows if one.state != Entry.State.NOT_STARTED), rows[0] if rows else None)


def entry_of(
    child: Child, cycle: str, speaker: str = "child", speaker_name: str = "", person: int | None = None
) -> Entry:
    found = latest_entry(child, cycle, speaker, speaker_name)
    if found is not None:
        return found
    return _new_entry(child, cycle, speaker, speaker_name, 1, person)


def _new_entry(child: Child, cycle: str, speaker: str, name: str, attempt: int, person: int | None) -> Entry:
    offered = offered_set(child, timezone.localdate()) if speaker == "child" else speaker
    return Entry.objects.create(
        authority_id=child.authority_id, child=child, cycle=cycle, attempt=attempt, speaker=speaker, speaker_name=name,
        speaker_person_id=person if person or speaker != "child" else account_of(child), set_offered=offered,
        set_used=offered, set_version=set_in_force(child.authority_id, offered, timezone.localdate()).version, shown=shown_of(child),
    )  # fmt: skip


def _spare(entry: Entry, child: Child) -> Entry:
    """With which a child begins again who has forgotten the pictures: nothing of the first is in it."""
    last = Entry.objects.filter(
        child=child, cycle=entry.cycle, speaker=entry.speaker, speaker_name=entry.speaker_name
    ).order_by("-attempt").first()  # fmt: skip
    if last is not None and last.state == Entry.State.NOT_STARTED and last.pk != entry.pk:
        return last
    attempt = (last.attempt if last else entry.attempt) + 1
    return _new_entry(child, entry.cycle, entry.speaker, entry.speaker_name, attempt, entry.speaker_person_id)


@transaction.atomic
def hand_over(
    *, child: Child, cycle: str, helping: Helping, by: User, speaker: str = "child", speaker_name: str = ""
) -> tuple[Entry, Code]:
    """The code that opens the entry, for fifteen minutes, once. It does not open what was begun before."""
    entry = entry_of(child, cycle, speaker, speaker_name)
    is_begun = entry.state != Entry.State.NOT_STARTED
    opens = _spare(entry, child) if is_begun else entry
    _say_how(opens, helping, child)
    if is_begun:
        Entry.objects.filter(pk=entry.pk).update(shown=shown_of(child))
    code = new_code(entry, opens if is_begun else None)
    record("voice.handed_over", by=by.pk, authority=child.authority_id, child=child.pk, cycle=cycle, mode=helping.mode)
    return entry, code


def _say_how(entry: Entry, helping: Helping, child: Child) -> None:
    entry.mode, entry.helper = helping.mode, helping.helper
    entry.helper_name, entry.helper_role = helping.helper_name, helping.helper_role
    entry.is_helper_chosen, entry.interpreter = helping.is_helper_chosen, helping.interpreter
    entry.place, entry.device, entry.language = helping.place, helping.device, helping.language
    if helping.question_set:
        entry.set_used = helping.question_set
        entry.set_version = set_in_force(child.authority_id, entry.set_used, timezone.localdate()).version
    shown = shown_of(child)
    if entry.mode != Entry.Mode.ALONE and entry.helper_name:
        helper = {"scope": "helper", "name": entry.helper_name, "person": entry.helper_id}
        shown["people"] = [helper, *shown["people"]]
    entry.shown = shown
    entry.save()


def own_entry(*, child: Child, cycle: str, speaker: str, person: User) -> Entry:
    """Of somebody with an account: a young person's, or a carer's about the child who lives with them."""
    name = "" if speaker == "child" else person.name
    entry = entry_of(child, cycle, speaker, name, person.pk)
    if entry.state == Entry.State.NOT_STARTED:
        Entry.objects.filter(pk=entry.pk).update(device="own", shown=shown_of(child))
    return entry


@transaction.atomic
def no_views(*, child: Child, cycle: str, why: str, words: str, by: User) -> Entry:
    """A refusal is a view too: it is recorded, and who asked is named. What was begun is left as it is."""
    if why not in Entry.NoViews.values:
        raise Refused("Choose why there are no views.")
    if why in {Entry.NoViews.NOT_ABLE_YET, Entry.NoViews.NOT_ASKED} and not words.strip():
        raise Refused(
            "Say which way is tried next." if why == Entry.NoViews.NOT_ABLE_YET else "Say why they were not asked."
        )
    entry = entry_of(child, cycle)
    if entry.state == Entry.State.SHARED:
        raise Refused(f"{child.first_name} has shared something: their words stand.")
    entry.state, entry.no_views_why, entry.no_views_words = Entry.State.NO_VIEWS, why, words.strip()
    entry.no_views_by_name, entry.no_views_on = by.name, timezone.localdate()
    entry.save()
    record("voice.no_views", by=by.pk, authority=child.authority_id, child=child.pk, cycle=cycle, why=why)
    return entry
