from django.db import migrations

from virtual_school.identity import sql


class Migration(migrations.Migration):
    """The sealed claim of somebody who says what they think: the entry they write in."""

    dependencies = [("identity", "0001_identity")]
    operations = [migrations.RunSQL(sql.VOICE_ENTRY, sql.VOICE_ENTRY_REVERSE)]
