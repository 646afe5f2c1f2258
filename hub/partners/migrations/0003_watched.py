from django.db import migrations

from hub.versions import CONTENT, watch


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0002_donors_and_friends_of_the_hub"),
        ("hub", "0002_changes"),
    ]
    operations = [
        watch("partners_organisation", CONTENT),
        watch("partners_person", CONTENT),
        watch("partners_person_expertise", CONTENT),
    ]
