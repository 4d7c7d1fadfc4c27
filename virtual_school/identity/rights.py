"""What the application's role may touch. Closed by default: run by the owner after every migration."""

from typing import Any

from django.db import connection

from .seal import padded_key

OPEN: dict[str, str] = {
    "django_session": "read before anyone is known; holds no child's data",
    "django_content_type": "names of tables",
    "django_cache": "rate limits and used codes; holds no personal data",
    "access_user": "read before anyone is known: the people who sign in, no child's data",
    "access_membership": "who holds which role; read before anyone is known",
    "access_invitation": "invitations of people who sign in; tokens are kept as hashes",
    "account_emailaddress": "sign-in",
    "account_emailconfirmation": "sign-in",
    "mfa_authenticator": "sign-in: second factors",
    "socialaccount_socialaccount": "sign-in by a council's own directory",
    "socialaccount_socialapp": "sign-in by a council's own directory",
    "socialaccount_socialtoken": "sign-in by a council's own directory",
    "usersessions_usersession": "a person's own sessions",
    "authorities_authority": "names and settings of authorities",
    "authorities_appointment": "officers appointed under the Children Act: public",
    "authorities_policyversion": "council policy: no child's data",
    "authorities_termdates": "term dates: public",
    "authorities_bankholiday": "bank holidays: public",
    "schools_school": "the national register of establishments: public",
    "schools_schoollink": "predecessors and successors: public",
    "schools_designatedteacher": "who is designated teacher where: known to every authority with a child there",
    "attendance_delivery": "when, how and by whom registers were sent: no child's data",
    "attendance_alertmail": "who wants the day's message, and when they had it: no child's data",
    "plans_plantemplate": "the forms plans are written on: no child's data",
    "quality_rubricversion": "how an authority rates plans: no child's data",
    "quality_phrase": "an authority's own phrases for raters: no child's data",
    "quality_middle": "the middle of an authority's marks, of five plans or more: no child's data",
    "quality_boardfigure": "figures with small numbers hidden, for those who see no child",
    "voice_handovercode": "opens a child's own pages before anyone is known: a keyed hash and ids, no child's data",
    "voice_sitting": "read before anyone is known: a keyed hash and ids, no child's data",
    "voice_secretpictures": "read before anyone is known: a keyed hash and the id of an entry",
    "voice_safeguardingreader": "who reads alerts in which authority: no child's data",
    "voice_councilpack": "a council's own pictures of things: file names and licences, no child's data",
    "voice_schoolclubs": "the clubs of a school: no child's data",
    "voice_gonefile": "random names of files whose rows are gone: no child's data",
    "voice_setversion": "question sets as an authority edited them: no child's data",
    "exchange_apitoken": "read before anyone is known: hashes of programs' tokens, no child's data",
    "exchange_apicalls": "how often programs call: counts",
    "exchange_apianswer": "what programs were answered, by the number of a row: no child's data",
    "procrastinate_jobs": "the queue: ids only, never content",
    "procrastinate_events": "the queue",
    "procrastinate_periodic_defers": "the queue",
    "procrastinate_workers": "the queue",
    "procrastinate_version": "the queue",
}
READ_ONLY = {"django_migrations": "which migrations have run"}
APPEND_ONLY = {
    "audit_event",
    "audit_read",
    "attendance_placecontact",
    "quality_frozenmeasure",
    "quality_boardfigure",
    "voice_voicealert",
    "voice_alertreader",
    "voice_alertstep",
}
WRITTEN_BY_TRIGGER = {"audit_change"}


def apply_rights(sender: Any = None, **kwargs: Any) -> None:
    """Grants by the state of row-level security, so that a forgotten table fails loudly instead of showing all."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user", [])
        if cursor.fetchone()[0] != "vs_owner":
            return
        cursor.execute(
            "select relname, relrowsecurity and relforcerowsecurity from pg_class "
            "where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')",
            [],
        )
        for table, is_forced in cursor.fetchall():
            cursor.execute(f'revoke all on "{table}" from vs_app', [])
            if table in WRITTEN_BY_TRIGGER or table in READ_ONLY:
                rights = "select"
            elif table in APPEND_ONLY:
                rights = "select, insert"
            elif is_forced or table in OPEN:
                rights = "select, insert, update, delete"
            else:
                continue
            cursor.execute(f'grant {rights} on "{table}" to vs_app', [])
        cursor.execute("grant usage on all sequences in schema public to vs_app", [])
        cursor.execute("revoke create on schema public from public", [])
        cursor.execute("grant usage on schema public to vs_app", [])
        cursor.execute(
            "insert into identity.key values (1, %s, %s) on conflict (id) do update "
            "set inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
            list(padded_key()),
        )
