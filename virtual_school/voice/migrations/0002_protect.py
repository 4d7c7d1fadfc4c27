from django.db import migrations

from virtual_school.identity.operations import AROUND, STAFF, WRITERS, Protect, SameAuthority, Track, withhold

CASEWORK_AND_SCHOOL = ("designated_teacher", "delegate", "social_worker", "social_work_manager", "reviewing_officer", "personal_adviser")
STARTERS = ("designated_teacher", "delegate", "social_worker", "reviewing_officer", "personal_adviser")
V = "entry_id = (select identity.voice_entry())"
SERVICE = f"{STAFF} and (select identity.person()) is null"
OF_CHILD_OF_V = """child_id = any (array(
    select e.child_id from voice_entry e where e.id = (select identity.voice_entry()) and e.speaker = 'child'))"""
MINE = "person_id = (select identity.person())"
ANSWER_SEEN = "exists (select from voice_voiceanswer a where a.id = {table}.answer_id)"
ASK_SEEN = "exists (select from voice_ask k where k.id = {table}.ask_id)"
PROMISE_SEEN = "exists (select from voice_promise p where p.id = {table}.promise_id)"
ALERT_SEEN = "exists (select from voice_voicealert w where w.id = {table}.alert_id)"
SHARED_WITH = {
    "designated_teacher": ("designated_teacher", "everyone_in_meeting"),
    "social_worker": ("social_worker", "everyone_in_meeting"),
    "personal_adviser": ("personal_adviser", "everyone_in_meeting"),
    "carer": ("where_i_live", "everyone_in_meeting"),
    "delegate": ("everyone_in_meeting",),
    "social_work_manager": ("everyone_in_meeting",),
    "reviewing_officer": ("everyone_in_meeting",),
}


def around(*roles):
    named = ", ".join(f"'{role}'" for role in roles)
    return AROUND.format(child="child_id", roles=f" and i.role in ({named})")


def seen_by(*scopes):
    return "seen_by && array[" + ", ".join(f"'{scope}'" for scope in scopes) + "]::varchar[]"


def policies(table, *, withheld=True, **by_command):
    """Policies by name: `select_…`, `insert_…`, `update_…`, `delete_…`. One command each; whoever changes a row may
    change it into no other than they may change."""
    forward = [f"alter table {table} enable row level security;", f"alter table {table} force row level security;"]
    backward = []
    if withheld:
        forward.append(withhold(table, "child_id"))
        backward += [f"drop policy {name} on {table};" for name in ("withheld", "withheld_update", "withheld_delete")]
    for name, condition in by_command.items():
        command = name.split("_")[0]
        said = condition.format(table=table)
        checks = {
            "select": f"using ({said})",
            "insert": f"with check ({said})",
            "update": f"using ({said}) with check ({said})",
            "delete": f"using ({said})",
        }[command]
        forward.append(f"create policy {name} on {table} for {command} to vs_app {checks};")
        backward.append(f"drop policy {name} on {table};")
    backward += [f"alter table {table} no force row level security;", f"alter table {table} disable row level security;"]
    return migrations.RunSQL("\n".join(forward), "\n".join(backward))


def also(table, **by_command):
    """Besides what `Protect` gives."""
    forward, backward = [], []
    for name, condition in by_command.items():
        command = name.split("_")[0]
        checks = {"select": f"using ({condition})", "insert": f"with check ({condition})",
                  "update": f"using ({condition}) with check ({condition})"}[command]
        forward.append(f"create policy {name} on {table} for {command} to vs_app {checks};")
        backward.append(f"drop policy {name} on {table};")
    return migrations.RunSQL("\n".join(forward), "\n".join(backward))


WRITTEN_BY_ADULTS = {"insert_staff": WRITERS, "insert_around": around(*STARTERS)}
OF_ENTRY = ["media", "voiceanswer", "sharedwith", "adultreading", "ask", "outcome", "promise", "promisestep", "judged", "promisereminder"]
OF_ALERT = ["voicealert", "alertreader", "alertstep"]


class Migration(migrations.Migration):
    dependencies = [("voice", "0001_initial"), ("children", "0002_protect"), ("identity", "0002_voice_entry")]
    operations = [
        *[SameAuthority(f"voice_{table}") for table in ["invitation", "entry", *OF_ENTRY, *OF_ALERT]],
        *[SameAuthority(f"voice_{table}", "entry_id", "voice_entry") for table in OF_ENTRY],
        # What was told to keep a child safe outlives what it was told in.
        *[SameAuthority(f"voice_{table}", "entry_id", "voice_entry", "no action") for table in OF_ALERT],
        *[SameAuthority(f"voice_{table}", "answer_id", "voice_voiceanswer") for table in ["sharedwith", "adultreading", "ask"]],
        SameAuthority("voice_voiceanswer", "media_id", "voice_media", "set null (media_id)"),
        *[SameAuthority(f"voice_{table}", "ask_id", "voice_ask") for table in ["outcome", "promise", "judged"]],
        *[SameAuthority(f"voice_{table}", "promise_id", "voice_promise") for table in ["promisestep", "promisereminder", "judged"]],
        *[SameAuthority(f"voice_{table}", "alert_id", "voice_voicealert", "no action") for table in ["alertreader", "alertstep"]],
        Protect("voice_invitation", "child_id", CASEWORK_AND_SCHOOL, STARTERS),
        # That somebody was asked, and how far it has come: no words stand here.
        Protect("voice_entry", "child_id", CASEWORK_AND_SCHOOL, STARTERS),
        also(
            "voice_entry",
            select_voice="id = (select identity.voice_entry())",
            update_voice="id = (select identity.voice_entry())",
            select_own="speaker_person_id = (select identity.person())",
            insert_own="speaker_person_id = (select identity.person()) and " + around("young_person", "carer"),
            update_own="speaker_person_id = (select identity.person())",
            select_at_home="speaker = 'child' and " + around("young_person", "carer"),
        ),
        # The words themselves. Whoever writes them sees them; others what was shared with them; drafts, nobody else.
        policies(
            "voice_voiceanswer",
            select_voice=V,
            select_own="entry_id = any (array(select e.id from voice_entry e where e.speaker_person_id = (select identity.person())))",
            select_staff=f"{STAFF} and {seen_by('designated_teacher', 'social_worker', 'everyone_in_meeting')}",
            select_helper=f"{seen_by('helper', 'say_it_for_me')} and entry_id = any (array("
            "select e.id from voice_entry e where e.helper_id = (select identity.person())))",
            **{f"select_{role}": f"{seen_by(*scopes)} and {around(role)}" for role, scopes in SHARED_WITH.items()},
            # What everybody in a meeting read, the child reads again beside what came of it.
            select_asked=f"is_latest and {seen_by('everyone_in_meeting')} and {OF_CHILD_OF_V}",
            insert_voice=V,
            insert_service=SERVICE,
            update_voice=V,
            delete_voice=V,
        ),
        policies(
            "voice_media",
            select_voice=V,
            select_with_answer="exists (select from voice_voiceanswer a where a.media_id = {table}.id and a.is_latest)",
            insert_voice=V,
            delete_voice=V,
        ),
        policies("voice_sharedwith", select_voice=V, select_service=SERVICE, insert_voice=V, insert_service=SERVICE),
        policies(
            "voice_adultreading",
            select_with_answer=ANSWER_SEEN,
            select_staff=f"answer_id is null and {STAFF}",
            select_around="answer_id is null and " + around(*CASEWORK_AND_SCHOOL),
            **WRITTEN_BY_ADULTS,
        ),
        policies(
            "voice_ask",
            select_voice=OF_CHILD_OF_V,
            select_with_answer=ANSWER_SEEN,
            select_service=SERVICE,
            insert_voice=V,
            insert_service=SERVICE,
            update_voice=V,
            update_staff=f"{WRITERS} and {ANSWER_SEEN}",
            update_around=f"{around(*STARTERS)} and {ANSWER_SEEN}",
        ),
        policies(
            "voice_outcome",
            select_voice=OF_CHILD_OF_V,
            select_with_ask=ASK_SEEN,
            select_service=SERVICE,
            **WRITTEN_BY_ADULTS,
            update_staff=WRITERS,
            update_around=around(*STARTERS),
        ),
        policies(
            "voice_promise",
            select_voice=OF_CHILD_OF_V,
            select_with_ask=ASK_SEEN,
            select_mine=MINE,
            select_service=SERVICE,
            **WRITTEN_BY_ADULTS,
            update_staff=WRITERS,
            update_around=around(*STARTERS),
            update_mine=MINE,
            update_voice=OF_CHILD_OF_V,
        ),
        policies(
            "voice_promisestep",
            select_with_promise=PROMISE_SEEN,
            insert_with_promise=PROMISE_SEEN,
        ),
        policies(
            "voice_judged",
            select_voice=OF_CHILD_OF_V,
            select_with_ask=ASK_SEEN,
            select_with_promise=PROMISE_SEEN,
            insert_voice=V,
            insert_service=SERVICE,
        ),
        Protect("voice_promisereminder", "child_id", ()),
        # Given to named readers only, and never withheld from them. Nothing here is changed or deleted.
        policies(
            "voice_voicealert",
            withheld=False,
            select_voice=V,
            select_reader="id = any (array(select r.alert_id from voice_alertreader r where r.person_id = (select identity.person())))",
            select_raiser="raised_by_id = (select identity.person())",
            select_service=SERVICE,
            insert_voice=V,
            **WRITTEN_BY_ADULTS,
        ),
        policies(
            "voice_alertreader",
            withheld=False,
            select_voice=V,
            select_mine=MINE,
            select_service=SERVICE,
            insert_voice=V,
            **WRITTEN_BY_ADULTS,
        ),
        policies(
            "voice_alertstep",
            withheld=False,
            select_with_alert=ALERT_SEEN,
            insert_with_alert=ALERT_SEEN,
        ),
        *[Track(f"voice_{table}") for table in ["invitation", "entry", "adultreading", "ask", "outcome", "promise"]],
    ]
