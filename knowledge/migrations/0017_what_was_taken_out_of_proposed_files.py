import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0016_words_of_each_side")]

    operations = [
        migrations.AddField(
            model_name="contribution",
            name="taken_out",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                default=list,
                editable=False,
                size=None,
                verbose_name="taken out",
            ),
        ),
    ]
