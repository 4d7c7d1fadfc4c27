from django.db import migrations

from virtual_school.identity.operations import Protect, SameAuthority, Track

WRITERS = ("designated_teacher", "delegate", "social_worker", "personal_adviser", "carer")
CASEWORK_AND_SCHOOL = ("designated_teacher", "delegate", "social_worker", "social_work_manager", "reviewing_officer", "personal_adviser")
OF_PLAN = [
    "plansection", "answer", "unmergedwords", "targetreview", "costline", "meeting", "attendee", "decision",
    "signature", "addendum", "plancopy", "copysent", "reminder",
]
OF_CHILD = ["plan", "target", "action", "document", "delegation"]
TRACKED = [table for table in [*OF_PLAN, *OF_CHILD] if table not in {"reminder"}]


class Migration(migrations.Migration):
    dependencies = [("plans", "0003_plans")]
    operations = [
        *[SameAuthority(f"plans_{table}") for table in [*OF_CHILD, *OF_PLAN]],
        *[SameAuthority(f"plans_{table}", "plan_id", "plans_plan") for table in [*OF_PLAN, "action", "document"]],
        SameAuthority("plans_target", "first_plan_id", "plans_plan"),
        SameAuthority("plans_targetreview", "target_id", "plans_target"),
        SameAuthority("plans_costline", "target_id", "plans_target"),
        # What a carer or young person reads of a plan, the page decides; costs and copies are not theirs.
        *[
            Protect(f"plans_{table}", "child_id", CASEWORK_AND_SCHOOL if table in {"costline", "copysent", "reminder"} else None, WRITERS)
            for table in [*OF_PLAN, *OF_CHILD]
        ],
        *[Track(f"plans_{table}") for table in TRACKED],
    ]
