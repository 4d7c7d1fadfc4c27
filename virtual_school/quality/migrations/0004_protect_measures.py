from django.db import migrations

from virtual_school.identity.operations import Protect


class Migration(migrations.Migration):
    """What is frozen: staff of the authority read it and add to it. No right to change or delete is given at all
    (`identity.rights.APPEND_ONLY`)."""

    dependencies = [("quality", "0003_measures"), ("children", "0002_protect")]
    operations = [Protect("quality_frozenmeasure", None)]
