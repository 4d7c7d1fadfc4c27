from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_api")]
    operations = [
        migrations.AddField(
            model_name="import",
            name="upload",
            field=models.UUIDField(
                help_text="of a file about pupils of several authorities: shared by the imports it became", null=True
            ),
        ),
    ]
