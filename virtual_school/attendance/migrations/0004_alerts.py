import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from virtual_school.identity.operations import Protect, SameAuthority, Track

AT_WORK = ("designated_teacher", "social_worker", "social_work_manager", "personal_adviser")
"""An alert may be theirs to see to, or what is agreed about it theirs to do."""

READERS = (*AT_WORK, "delegate", "reviewing_officer")
"""Not those at home: words between professionals are not theirs to find."""

TABLES = ["attendancealert", "attendancealertstep", "attendanceaction"]
OF_ALERT = ["attendancealertstep", "attendanceaction"]


class Migration(migrations.Migration):

    dependencies = [
        ('attendance', '0003_protect_exclusion'),
        ('authorities', '0001_initial'),
        ('children', '0003_involvements_once'),
        ('schools', '0002_protect'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AlertMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_wanted', models.BooleanField(default=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='AttendanceAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('rule', models.CharField(max_length=10)),
                ('occasion', models.CharField(max_length=30)),
                ('as_of', models.DateField()),
                ('numbers', models.JSONField(default=dict)),
                ('reasons', models.JSONField(default=list, help_text='in plain sentences, as it was when it was raised')),
                ('urgency', models.PositiveSmallIntegerField(default=0, help_text='less is more urgent')),
                ('state', models.CharField(choices=[('open', 'To see to'), ('acknowledged', 'In hand'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn')], default='open', max_length=12)),
                ('to_role', models.CharField(help_text='whose it is to see to, until somebody takes it', max_length=30)),
                ('then_role', models.CharField(blank=True, default='', max_length=30)),
                ('answer_by', models.DateField(blank=True, help_text='left unseen after this day, it goes further', null=True)),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('escalated_at', models.DateTimeField(blank=True, null=True)),
                ('owner_name', models.TextField(blank=True, default='')),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, help_text='closed or withdrawn', null=True)),
                ('outcome', models.CharField(blank=True, choices=[('back', 'Back in school'), ('explained', 'There is a good reason'), ('plan', 'A plan is agreed, and followed elsewhere'), ('referred', 'Given to another service'), ('nothing', 'Nothing more to be done')], default='', max_length=10)),
                ('outcome_words', models.TextField(blank=True, default='', help_text='or why it was withdrawn')),
                ('authority', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
                ('child', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='children.child')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
            ],
        ),
        migrations.CreateModel(
            name='AttendanceAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('what', models.TextField()),
                ('owner_name', models.TextField()),
                ('by_on', models.DateField()),
                ('done_on', models.DateField(blank=True, null=True)),
                ('outcome', models.TextField(blank=True, default='')),
                ('by_name', models.TextField(blank=True, default='')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('authority', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
                ('child', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='children.child')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('alert', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='attendance.attendancealert')),
            ],
            options={
                'ordering': ['by_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='AttendanceAlertStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('raised', 'Raised'), ('given_on', 'Given on'), ('acknowledged', 'Acknowledged'), ('taken_over', 'Taken over'), ('action', 'Action agreed'), ('done', 'Action done'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn')], max_length=12)),
                ('words', models.TextField(blank=True, default='')),
                ('by_id', models.BigIntegerField(null=True)),
                ('by_name', models.TextField(blank=True, default='')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('alert', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='attendance.attendancealert')),
                ('authority', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
                ('child', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='children.child')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddIndex(
            model_name='attendancealert',
            index=models.Index(fields=['authority', 'child', 'state'], name='attendancealert_of_child'),
        ),
        migrations.AddIndex(
            model_name='attendancealert',
            index=models.Index(fields=['authority', 'state'], name='attendancealert_in_state'),
        ),
        migrations.AddConstraint(
            model_name='attendancealert',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('authority', 'child', 'rule', 'occasion'), name='one_alert_an_occasion'),
        ),
        migrations.AddConstraint(
            model_name='attendancealert',
            constraint=models.UniqueConstraint(fields=('authority', 'id'), name='attendancealert_in_authority'),
        ),
        migrations.AddIndex(
            model_name='attendanceaction',
            index=models.Index(fields=['authority', 'child', 'done_on'], name='attendanceaction_of_child'),
        ),
        migrations.AddIndex(
            model_name='attendancealertstep',
            index=models.Index(fields=['authority', 'alert'], name='step_of_attendancealert'),
        ),
        *[SameAuthority(f"attendance_{table}") for table in TABLES],
        *[SameAuthority(f"attendance_{table}", "alert_id", "attendance_attendancealert") for table in OF_ALERT],
        *[Protect(f"attendance_{table}", "child_id", READERS, AT_WORK) for table in TABLES],
        *[Track(f"attendance_{table}") for table in TABLES],
    ]
