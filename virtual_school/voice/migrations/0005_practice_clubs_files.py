import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

FILES_OF = {
    "voice_media": "values (old.stored_as, now())",
    "voice_childpack": "select value ->> 'file', now() from pg_catalog.jsonb_each(old.pictures)",
    "voice_councilpack": "select value ->> 'file', now() from pg_catalog.jsonb_each(old.pictures)",
}


def note_files(table, files):
    """Whoever deletes: a row may go because its child goes, and nobody asks for its files then."""
    return migrations.RunSQL(
        f"""
        create function identity.gone_files_of_{table}() returns trigger language plpgsql
            set search_path = pg_catalog, pg_temp as $$
            begin
                insert into public.voice_gonefile (stored_as, at) {files};
                return null;
            end $$;
        revoke execute on function identity.gone_files_of_{table}() from public;
        create trigger note_files after delete on {table}
            for each row execute function identity.gone_files_of_{table}();
        """,
        f"""
        drop trigger note_files on {table};
        drop function identity.gone_files_of_{table}();
        """,
    )


class Migration(migrations.Migration):
    dependencies = [("schools", "0002_protect"), ("voice", "0004_packs_and_sheets")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="practised",
            field=models.CharField(
                blank=True,
                choices=[
                    ("understood", "Put two cards where they were expected"),
                    ("not_understood", "Did not put two cards where they were expected"),
                ],
                default="",
                help_text="before the mat",
                max_length=14,
            ),
        ),
        migrations.AddField(model_name="entry", name="practised_on", field=models.DateField(null=True)),
        migrations.CreateModel(
            name="GoneFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stored_as", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="SchoolClubs",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("by_name", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField(auto_now=True)),
                (
                    "school",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="voice_clubs",
                        to="schools.school",
                    ),
                ),
            ],
        ),
        *[note_files(table, files) for table, files in FILES_OF.items()],
    ]
