from django.db import migrations

from virtual_school.identity.operations import Protect, SameAuthority, Track


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial"), ("children", "0002_protect")]
    operations = [SameAuthority("plans_recordedplan"), Protect("plans_recordedplan"), Track("plans_recordedplan")]
