import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("authorities", "0001_initial"), ("exchange", "0005_attendance")]
    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("urn", models.IntegerField(null=True)),
                ("name", models.TextField(help_text="what the program is called where its marks are shown")),
                (
                    "verbs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("attendance:write", "Send marks"),
                                ("attendance:read", "Read the sums of attendance"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                (
                    "told",
                    models.CharField(
                        choices=[
                            ("register", "Taken from the school’s own register"),
                            ("calls", "Asked of schools by telephone"),
                        ],
                        default="register",
                        max_length=8,
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("begins", models.CharField(help_text="the secret's first characters, to know it by", max_length=12)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("made_by_name", models.TextField(blank=True, default="")),
                ("expires_on", models.DateField(help_text="the first day on which it no longer counts")),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by_name", models.TextField(blank=True, default="")),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_tokens",
                        to="authorities.authority",
                    ),
                ),
            ],
            options={"ordering": ["-made_at", "-id"]},
        ),
        migrations.CreateModel(
            name="ApiCalls",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("minute", models.DateTimeField()),
                ("calls", models.IntegerField()),
            ],
            options={"verbose_name_plural": "API calls"},
        ),
        migrations.CreateModel(
            name="ApiAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_hash", models.CharField(max_length=64)),
                ("body_hash", models.CharField(max_length=64)),
                ("answer", models.BinaryField(default=b"", help_text="compressed")),
                ("made_at", models.DateTimeField()),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="exchange.apitoken"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="apianswer",
            constraint=models.UniqueConstraint(fields=("token", "key_hash"), name="one_answer_a_key"),
        ),
    ]
