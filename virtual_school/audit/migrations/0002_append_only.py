from django.db import migrations

from virtual_school.identity.operations import NOT_WITHHELD, STAFF

WITHHELD = NOT_WITHHELD.format(child="child_id")
FORWARD = f"""
alter table audit_change enable row level security;
alter table audit_change force row level security;
create policy staff_select on audit_change for select to vs_app using ({STAFF});
create policy withheld on audit_change as restrictive for select to vs_app using ({WITHHELD});
create policy trigger_insert on audit_change for insert to vs_owner with check (true);

alter table audit_event enable row level security;
alter table audit_event force row level security;
create policy staff_select on audit_event for select to vs_app using ({STAFF});
create policy own_select on audit_event for select to vs_app using (person_id = (select identity.person()));
create policy withheld on audit_event as restrictive for select to vs_app using ({WITHHELD});
create policy own_insert on audit_event for insert to vs_app
    with check (person_id is not distinct from (select identity.person()));

alter table audit_read enable row level security;
alter table audit_read force row level security;
create policy staff_select on audit_read for select to vs_app using ({STAFF});
create policy withheld on audit_read as restrictive for select to vs_app using ({WITHHELD});
create policy own_select on audit_read for select to vs_app using (person_id = (select identity.person()));
create policy own_insert on audit_read for insert to vs_app with check (person_id = (select identity.person()));
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("identity", "0001_identity")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
