import django.db.models.deletion
from django.db import migrations, models

from virtual_school.identity.operations import Protect, SameAuthority, Track

SCHOOL_OFFICE = ("designated_teacher", "delegate")
FIRST_YEAR, LAST_YEAR = 2016, 2036

MARKEDDAY = "attendance_markedday"
# Widest columns first, so that none is padded: 31 million marks a year.
CREATE = f"""
create table {MARKEDDAY} (
    child_id bigint not null,
    authority_id integer not null,
    urn integer not null,
    day date not null,
    am_from integer not null,
    pm_from integer not null,
    am_minutes smallint not null,
    pm_minutes smallint not null,
    am_counts boolean not null,
    pm_counts boolean not null,
    am varchar(2) not null,
    pm varchar(2) not null,
    primary key (authority_id, child_id, day, urn)
) partition by range (day);
create table {MARKEDDAY}_before partition of {MARKEDDAY} for values from (minvalue) to ('{FIRST_YEAR}-09-01');
""" + "".join(
    f"create table {MARKEDDAY}_{year} partition of {MARKEDDAY} "
    f"for values from ('{year}-09-01') to ('{year + 1}-09-01');\n"
    for year in range(FIRST_YEAR, LAST_YEAR)
) + f"create table {MARKEDDAY}_after partition of {MARKEDDAY} for values from ('{LAST_YEAR}-09-01') to (maxvalue);"

EARLIER = "attendance_earliermark"
MARKS = (MARKEDDAY, "attendance_monthsums", EARLIER)
CHANGING = [f"{who}_{what}" for who in ("staff", "those_around") for what in ("update", "delete")]
ONLY_ADDED_TO = "".join(f"drop policy {name} on {EARLIER};" for name in CHANGING)
ONLY_ADDED_TO_REVERSE = "".join(
    f"create policy {name} on {EARLIER} for {name.rsplit('_', 1)[1]} to vs_app using (false);" for name in CHANGING
)


def child():
    return (
        "child",
        models.ForeignKey(
            db_constraint=False,
            db_index=False,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="%(class)ss",
            to="children.child",
        ),
    )


def authority(on_delete=django.db.models.deletion.PROTECT):
    return (
        "authority",
        models.ForeignKey(
            db_constraint=False, db_index=False, on_delete=on_delete, related_name="+", to="authorities.authority"
        ),
    )


def composite(*names):
    return ("pk", models.CompositePrimaryKey(*names, blank=True, editable=False, primary_key=True, serialize=False))


MARKED_DAY = migrations.CreateModel(
    name="MarkedDay",
    fields=[
        composite("authority", "child", "day", "urn"),
        ("urn", models.IntegerField(default=0)),
        ("day", models.DateField()),
        ("am_from", models.IntegerField(default=0)),
        ("pm_from", models.IntegerField(default=0)),
        ("am_minutes", models.SmallIntegerField(default=0, help_text="late")),
        ("pm_minutes", models.SmallIntegerField(default=0)),
        ("am_counts", models.BooleanField(default=True)),
        ("pm_counts", models.BooleanField(default=True)),
        ("am", models.CharField(blank=True, default="", max_length=2)),
        ("pm", models.CharField(blank=True, default="", max_length=2)),
        authority(),
        child(),
    ],
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("authorities", "0001_initial"), ("children", "0003_involvements_once")]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("source", models.CharField(choices=[("file", "File from a school's system"), ("api", "Sent by a school's system"), ("page", "Typed by the school"), ("phone", "Told to the virtual school"), ("undo", "Import taken back")], max_length=5)),
                ("sender", models.TextField(blank=True, default="", help_text="the school or system, as it calls itself")),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.TextField(blank=True, default="")),
                ("context", models.UUIDField(help_text="of the request, or the public id of the import", null=True)),
                ("received_at", models.DateTimeField()),
                ("first_day", models.DateField(null=True)),
                ("last_day", models.DateField(null=True)),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "indexes": [models.Index(fields=["context"], name="delivery_in_context")],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[MARKED_DAY],
            database_operations=[migrations.RunSQL(CREATE, f"drop table {MARKEDDAY}")],
        ),
        migrations.CreateModel(
            name="MonthSums",
            fields=[
                composite("authority", "child", "month"),
                ("month", models.DateField(help_text="its first day")),
                ("possible", models.SmallIntegerField(default=0)),
                ("present", models.SmallIntegerField(default=0)),
                ("approved", models.SmallIntegerField(default=0)),
                ("authorised", models.SmallIntegerField(default=0)),
                ("unauthorised", models.SmallIntegerField(default=0)),
                ("late_before_close", models.SmallIntegerField(default=0)),
                ("late_after_close", models.SmallIntegerField(default=0)),
                authority(),
                child(),
            ],
        ),
        migrations.CreateModel(
            name="ColumnLayout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sender", models.TextField()),
                ("columns", models.JSONField(default=dict, help_text="our name of a column: theirs")),
                ("by_name", models.TextField(blank=True, default="")),
                ("used_at", models.DateTimeField(auto_now=True)),
                authority(django.db.models.deletion.CASCADE),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("authority", "sender"), name="one_layout_a_sender")],
            },
        ),
        migrations.CreateModel(
            name="EarlierMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("urn", models.IntegerField(default=0)),
                ("day", models.DateField()),
                ("session", models.CharField(choices=[("am", "Morning"), ("pm", "Afternoon")], max_length=2)),
                ("code", models.CharField(blank=True, default="", max_length=2)),
                ("minutes", models.SmallIntegerField(default=0)),
                ("from_delivery", models.IntegerField()),
                ("by_delivery", models.IntegerField()),
                ("why", models.CharField(choices=[("replaced", "A later mark took its place"), ("gave_way", "The school's own mark stands"), ("taken_back", "The import was taken back")], max_length=10)),
                authority(),
                child(),
            ],
            options={
                "indexes": [models.Index(fields=["authority", "child", "day"], name="earliermark_of_child")],
            },
        ),
        migrations.CreateModel(
            name="SessionTotals",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(choices=[("census", "School census"), ("transfer", "Common transfer file")], max_length=8)),
                ("period", models.CharField(help_text="2025 summer census; 2025/26", max_length=20)),
                ("urn", models.IntegerField(default=0)),
                ("possible", models.IntegerField(null=True)),
                ("authorised", models.IntegerField(null=True)),
                ("unauthorised", models.IntegerField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("doubt", models.TextField(blank=True, default="")),
                ("received_at", models.DateTimeField()),
                authority(),
                child(),
            ],
            options={
                "verbose_name_plural": "session totals",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authority", "child", "source", "period", "urn"), name="one_sessiontotals_a_period"
                    )
                ],
            },
        ),
        *[SameAuthority(table) for table in (*MARKS, "attendance_sessiontotals")],
        *[Protect(table, "child_id", None, SCHOOL_OFFICE) for table in MARKS],
        Protect("attendance_sessiontotals"),
        migrations.RunSQL(ONLY_ADDED_TO, ONLY_ADDED_TO_REVERSE),
        Protect("attendance_columnlayout", None),
        Track("attendance_sessiontotals"),
    ]
