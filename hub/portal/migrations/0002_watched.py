from django.db import migrations

from hub.versions import CONTENT, watch


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_quotes_and_read_first"), ("hub", "0002_changes")]
    operations = [watch("portal_quote", CONTENT), watch("portal_readfirst", CONTENT)]
