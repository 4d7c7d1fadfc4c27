from django.db import migrations

from virtual_school.identity.operations import Protect, SameAuthority, Track

READERS = (
    "designated_teacher", "delegate", "social_worker", "social_work_manager", "reviewing_officer", "personal_adviser",
)
"""What a school said of a child is for those who work with the child, not for those at home."""

OF_AUTHORITY = ("schoolcall", "callclaim", "marksasked", "daynotexpected")


class Migration(migrations.Migration):
    dependencies = [("attendance", "0005_calls")]
    operations = [
        *[Protect(f"attendance_{table}", None) for table in OF_AUTHORITY],
        SameAuthority("attendance_callanswer"),
        SameAuthority("attendance_callanswer", "call_id", "attendance_schoolcall"),
        Protect("attendance_callanswer", "child_id", READERS),
        Track("attendance_callanswer"),
    ]
