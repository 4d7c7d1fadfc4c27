from django.db import migrations

from virtual_school.identity.operations import Protect, SameAuthority, Track

AT_SCHOOL = ("designated_teacher", "delegate")
READERS = (*AT_SCHOOL, "social_worker", "social_work_manager", "reviewing_officer", "personal_adviser")
"""Not those at home: a letter goes to them, and professionals' words are not theirs to find."""

OF_CHILD = ["suspension", "riskmeeting", "provision", "educationstep"]
OF_SUSPENSION = ["suspensiontold", "suspensionletter"]
TABLES = [*OF_CHILD, *OF_SUSPENSION, "provisionreview"]
WRITERS = {
    "educationstep": (),
    "suspensiontold": (*AT_SCHOOL, "social_worker"),  # who was told notes that they have read it
}


class Migration(migrations.Migration):
    dependencies = [("attendance", "0002_exclusion")]
    operations = [
        *[SameAuthority(f"attendance_{table}") for table in TABLES],
        *[SameAuthority(f"attendance_{table}", "suspension_id", "attendance_suspension") for table in OF_SUSPENSION],
        SameAuthority("attendance_provision", "suspension_id", "attendance_suspension"),
        SameAuthority("attendance_provisionreview", "provision_id", "attendance_provision"),
        *[
            Protect(f"attendance_{table}", "child_id", READERS, WRITERS.get(table, AT_SCHOOL))
            for table in TABLES
        ],
        *[Track(f"attendance_{table}") for table in TABLES],
    ]
