from django.db import migrations

from virtual_school.identity.operations import ChangesOwn

READERS = ("reviewing_officer", "social_work_manager")


class Migration(migrations.Migration):
    """Those who only read a plan still say what came of what they promised, and that they cannot come."""

    dependencies = [("plans", "0005_signature_says")]
    operations = [
        ChangesOwn("plans_action", "owner_id", READERS),
        ChangesOwn("plans_attendee", "person_id", READERS),
    ]
