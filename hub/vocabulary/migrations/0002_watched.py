from django.db import migrations

from hub.versions import VOCABULARY, watch


class Migration(migrations.Migration):
    dependencies = [("vocabulary", "0001_initial"), ("hub", "0002_changes")]
    operations = [
        watch("vocabulary_term", VOCABULARY),
        watch("vocabulary_termlabel", VOCABULARY),
        watch("vocabulary_term_related", VOCABULARY),
    ]
