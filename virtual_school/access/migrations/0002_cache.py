from django.db import migrations


class Migration(migrations.Migration):
    """The table of Django's database cache: rate limits and used codes, shared by all processes."""

    dependencies = [("access", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            create table django_cache (
                cache_key varchar(255) primary key, value text not null, expires timestamptz not null
            );
            create index django_cache_expires on django_cache (expires);
            """,
            "drop table django_cache;",
        )
    ]
