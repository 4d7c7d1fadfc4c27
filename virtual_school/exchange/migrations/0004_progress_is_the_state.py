from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('exchange', '0003_undoing')]
    operations = [
        migrations.RemoveField(model_name='import', name='done'),
        migrations.RemoveField(model_name='import', name='total'),
        migrations.AlterField(
            model_name='import',
            name='files',
            field=models.JSONField(default=list, help_text='of each: its name as sent, and the name it is kept under'),
        ),
    ]
