from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_progress_is_the_state")]
    operations = [
        migrations.AddField(
            model_name="import",
            name="options",
            field=models.JSONField(default=dict, help_text="of registers: sender, columns, headings of the file"),
        ),
        migrations.AlterField(
            model_name="import",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ssda903", "Statutory return (SSDA903)"),
                    ("schools", "Register of establishments"),
                    ("enrolments", "Who is on roll where"),
                    ("plans", "Dates of personal education plans"),
                    ("attendance", "Attendance registers"),
                ],
                max_length=10,
            ),
        ),
    ]
