from django.db import migrations

from virtual_school.identity.operations import STAFF, WRITERS, Protect, SameAuthority, Track, withhold

RECORDS = ["formername", "formeridentifier", "sensitivity", "supportperiod", "evidence"]
MINE = "person_id = (select identity.person())"


class Migration(migrations.Migration):
    dependencies = [("children", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        *[SameAuthority(f"children_{table}") for table in [*RECORDS, "involvement"]],
        Protect("children_child", "id"),
        Protect("children_formername", "child_id", ("social_worker", "social_work_manager", "reviewing_officer", "personal_adviser")),
        Protect("children_formeridentifier", "child_id", ()),
        Protect("children_sensitivity", "child_id", ()),
        Protect("children_supportperiod", "child_id", ("social_worker", "social_work_manager", "reviewing_officer")),
        Protect("children_evidence", "child_id", ("social_worker", "social_work_manager", "reviewing_officer", "personal_adviser")),
        # Involvement's own policies read its own columns only: one that reads children would never end.
        migrations.RunSQL(
            f"""
            alter table children_involvement enable row level security;
            alter table children_involvement force row level security;
            create policy staff_select on children_involvement for select to vs_app using ({STAFF});
            create policy mine_select on children_involvement for select to vs_app using ({MINE});
            {withhold("children_involvement", "child_id")}
            create policy staff_insert on children_involvement for insert to vs_app with check ({WRITERS});
            create policy staff_update on children_involvement for update to vs_app using ({WRITERS}) with check ({WRITERS});
            create policy staff_delete on children_involvement for delete to vs_app using ({WRITERS});
            create policy withheld_reads on children_involvement for select to vs_owner using (true);
            create policy withheld_reads on children_sensitivity for select to vs_owner using (true);
            """,
            migrations.RunSQL.noop,
        ),
        Track("children_child", "id"),
        *[Track(f"children_{table}") for table in [*RECORDS, "involvement"]],
    ]
