from django.db import migrations

from virtual_school.identity import sql


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(sql.EXTENSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(sql.FUNCTIONS, sql.FUNCTIONS_REVERSE),
    ]
