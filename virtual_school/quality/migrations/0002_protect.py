from django.db import migrations

from virtual_school.identity.operations import AROUND, Protect, SameAuthority, Track

SCHOOL = ("designated_teacher", "delegate")
SOCIAL_WORK = ("social_worker", "social_work_manager", "personal_adviser")
OF_RATING = ("mark", "result", "comment")
OF_PLAN = ("rating", "opinionasked", "appeal", "secondmark", "moderatedplan")
OF_CHILD = (*OF_PLAN, *OF_RATING)
OF_AUTHORITY = ("sample", "moderation")


def around(*roles):
    named = ", ".join(f"'{role}'" for role in roles)
    return AROUND.format(child="child_id", roles=f" and i.role in ({named})")


# Whoever is to mark a plan again sees no rating of it but their own, until theirs is finished.
BLIND = """plan_id <> all (array(
    select m.plan_id from quality_secondmark m
    where m.marker_id = (select identity.person()) and m.finished_at is null))"""
SEEN_RATING = "rating_id in (select r.id from quality_rating r)"


def only(table, condition):
    """A restrictive policy for each command that reads or changes what is there."""
    forward = f"""
        create policy only_select on {table} as restrictive for select to vs_app using ({condition});
        create policy only_update on {table} as restrictive for update to vs_app
            using ({condition}) with check ({condition});
        create policy only_delete on {table} as restrictive for delete to vs_app using ({condition});
    """
    backward = "".join(f"drop policy only_{verb} on {table};" for verb in ("select", "update", "delete"))
    return migrations.RunSQL(forward, backward)


def told(table, condition):
    """Those around the child read what is told to their side, once the check is finished."""
    return migrations.RunSQL(
        f"create policy told_select on {table} for select to vs_app using ({condition});",
        f"drop policy told_select on {table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("quality", "0001_initial"),
        ("plans", "0005_signature_says"),
        ("children", "0002_protect"),
    ]
    operations = [
        *[SameAuthority(f"quality_{table}") for table in OF_CHILD],
        *[SameAuthority(f"quality_{table}", "plan_id", "plans_plan") for table in OF_PLAN],
        *[SameAuthority(f"quality_{table}", "rating_id", "quality_rating") for table in (*OF_RATING, "appeal")],
        SameAuthority("quality_secondmark", "sample_id", "quality_sample"),
        SameAuthority("quality_secondmark", "first_id", "quality_rating"),
        SameAuthority("quality_moderatedplan", "moderation_id", "quality_moderation"),
        *[Protect(f"quality_{table}", "child_id", ()) for table in OF_CHILD],
        *[Protect(f"quality_{table}", None) for table in OF_AUTHORITY],
        told(
            "quality_rating",
            f"kind = 'check' and finished_at is not null and {around(*SCHOOL, *SOCIAL_WORK)}",
        ),
        *[
            told(
                f"quality_{table}",
                f"(side = 'school' and {around(*SCHOOL)}) or (side = 'social_work' and {around(*SOCIAL_WORK)})",
            )
            for table in OF_RATING
        ],
        told("quality_appeal", around(*SCHOOL)),
        migrations.RunSQL(
            "create policy school_insert on quality_appeal for insert to vs_app "
            f"with check (answer = '' and by_id = (select identity.person()) and {around(*SCHOOL)});",
            "drop policy school_insert on quality_appeal;",
        ),
        only("quality_rating", f"{BLIND} or rater_id = (select identity.person())"),
        *[only(f"quality_{table}", BLIND) for table in ("opinionasked", "appeal", "moderatedplan")],
        *[only(f"quality_{table}", SEEN_RATING) for table in OF_RATING],
        *[Track(f"quality_{table}") for table in OF_CHILD],
    ]
