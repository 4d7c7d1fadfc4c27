from django.db import migrations

from virtual_school.identity.operations import Protect, SameAuthority

AT_A_PLACE = ("schoolcall", "callclaim", "marksasked", "daynotexpected")


class Migration(migrations.Migration):
    dependencies = [("attendance", "0007_places_off_the_register")]
    operations = [
        Protect("attendance_unregisteredplace", None),
        Protect("attendance_placecontact", None),
        SameAuthority("attendance_placecontact", "place_id", "attendance_unregisteredplace"),
        *[
            SameAuthority(f"attendance_{table}", "place_id", "attendance_unregisteredplace", "restrict")
            for table in AT_A_PLACE
        ],
    ]
