from django.db import migrations, models


def mark_donors(apps, schema_editor):
    """A hub that loaded its starting content before gets what a new one loads."""
    organisations = apps.get_model("partners", "Organisation").objects
    organisations.filter(acronym__in=["BMWK", "DG INTPA"], kind="donor").update(is_donor=True)


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="organisation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("implementing partner", "Implementing partner"),
                    ("donor", "Funder"),
                    ("government national", "National government"),
                    ("government subnational", "State or regional government"),
                    ("union", "Union"),
                    ("civil society", "Civil society"),
                    ("research", "Research"),
                    ("international organisation", "International organisation"),
                    ("business", "Business"),
                    ("project", "Project"),
                    ("desk", "The hub's editorial desk"),
                ],
                max_length=30,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="is_donor",
            field=models.BooleanField(
                default=False,
                help_text="Pays for the hub itself. Those who pay for other work are funders by kind.",
                verbose_name="donor of the hub",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="is_friend",
            field=models.BooleanField(
                default=False,
                help_text="One of the outside group that advises the partners and works with them.",
                verbose_name="in the Circle of Friends",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_friend", False), ("is_partner", False), _connector="OR"),
                name="organisation_friend_is_no_partner",
                violation_error_message="The Circle of Friends is for organisations outside the partnership.",
            ),
        ),
        migrations.RunPython(mark_donors, migrations.RunPython.noop, elidable=True),
    ]
