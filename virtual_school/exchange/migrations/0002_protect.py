from django.db import migrations

from virtual_school.identity.operations import Protect


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("children", "0002_protect")]
    operations = [Protect("exchange_import", None), Protect("exchange_stagedrow", None)]
