from django.db import migrations

from virtual_school.identity.operations import Protect, SameAuthority, Track

CASEWORK = ("social_worker", "social_work_manager", "reviewing_officer", "personal_adviser")
FROM_THE_RETURN = [
    "episode", "review", "unaccompaniedchild", "twelvemonthoutcomes", "careleaveroutcomes", "adoption",
    "adoptionplacement", "previouspermanence", "missingepisode", "socialworkerepisode", "deprivationofliberty",
]
WORKED_OUT = ["careperiod", "placement"]


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial"), ("children", "0002_protect")]
    operations = [
        *[SameAuthority(f"care_{table}") for table in [*FROM_THE_RETURN, *WORKED_OUT]],
        *[Protect(f"care_{table}", "child_id", CASEWORK) for table in [*FROM_THE_RETURN, "placement"]],
        # That a child is in care, and since when, everyone around them needs to know; nothing more.
        Protect("care_careperiod", "child_id"),
        *[Track(f"care_{table}") for table in FROM_THE_RETURN],
    ]
