from django.db import migrations

from virtual_school.identity.operations import Protect, SameAuthority


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_initial"), ("children", "0002_protect")]
    operations = [
        SameAuthority("duties_standingobligation"),
        Protect("duties_standingobligation"),
    ]
