from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0004_protect_plans")]
    operations = [
        migrations.AddField(
            model_name="signature",
            name="says",
            field=models.CharField(
                blank=True,
                choices=[("agreed", "Seen and agreed"), ("not_agreed", "Seen, not agreed"), ("not_shown", "Not shown")],
                default="",
                help_text="of a young person or carer: what they said of the plan, which another may have written down",
                max_length=10,
            ),
        ),
    ]
