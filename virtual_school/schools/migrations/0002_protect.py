from django.db import migrations

from virtual_school.identity.operations import Protect, SameAuthority, Track


class Migration(migrations.Migration):
    dependencies = [("schools", "0001_initial"), ("care", "0002_protect")]
    operations = [SameAuthority("schools_enrolment"), Protect("schools_enrolment"), Track("schools_enrolment")]
