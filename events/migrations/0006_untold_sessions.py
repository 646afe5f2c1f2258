from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0005_delegations")]

    operations = [
        migrations.AddField(
            model_name="untold",
            name="sessions",
            field=models.JSONField(default=dict, verbose_name="sessions before"),
        ),
    ]
