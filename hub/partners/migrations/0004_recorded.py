import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import hub.audit.operations
import hub.languages


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0003_watched"),
        ("vocabulary", "0003_recorded"),
    ]

    operations = [
        hub.audit.operations.AllAtOnce(
            operations=[
                migrations.CreateModel(
                    name="Expertise",
                    fields=[],
                    options={
                        "verbose_name": "expertise",
                        "proxy": True,
                        "default_permissions": (),
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=("partners.person_expertise",),
                ),
                migrations.CreateModel(
                    name="UserEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                        ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                        (
                            "language",
                            models.CharField(default="en", max_length=8, verbose_name="language"),
                        ),
                        (
                            "timezone",
                            models.CharField(
                                default="UTC", max_length=64, verbose_name="time zone"
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="Untick instead of deleting an account.",
                                verbose_name="active",
                            ),
                        ),
                        (
                            "is_secretariat",
                            models.BooleanField(
                                default=False,
                                help_text="Sees and curates what all partners own.",
                                verbose_name="secretariat",
                            ),
                        ),
                        (
                            "joined_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="joined",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "account",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="partners_us_pgh_cre_a6b9fa_brin"
                            ),
                            models.Index(fields=["id"], name="partners_us_id_e0ecdc_idx"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="29277babc6502be25d68d4e59998fdfb5d43ab5d",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_ebf36",
                                    table="partners_userevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExpertiseEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "person",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                db_tablespace="",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="partners.person",
                            ),
                        ),
                        (
                            "term",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                db_tablespace="",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="vocabulary.term",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "expertise",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="partners_ex_pgh_cre_a742ae_brin"
                            ),
                            models.Index(fields=["id"], name="partners_ex_id_e65018_idx"),
                            models.Index(fields=["person"], name="partners_ex_person__011b12_idx"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="e805d18aa315706233b4079fa57be316520bebb3",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_8eec7",
                                    table="partners_expertiseevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MembershipEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("author", "Author: writes drafts"),
                                    ("editor", "Editor: writes and publishes"),
                                    ("delegate", "Delegate: speaks for the organisation"),
                                ],
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="partners.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "membership",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="partners_me_pgh_cre_eeb929_brin"
                            ),
                            models.Index(fields=["id"], name="partners_me_id_cd9478_idx"),
                            models.Index(fields=["user"], name="partners_me_user_id_e0e002_idx"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="2e5637e613c25e629b5d28ab1374b2e571093e13",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_a4649",
                                    table="partners_membershipevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrganisationEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "slug",
                            models.SlugField(db_index=False, max_length=80, verbose_name="address"),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "acronym",
                            models.CharField(blank=True, max_length=60, verbose_name="short name"),
                        ),
                        (
                            "kind",
                            models.CharField(
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
                        (
                            "stakeholder_group",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("government", "Governments"),
                                    ("workers", "Workers"),
                                    ("employers", "Employers"),
                                    ("social partners", "Social partners"),
                                    ("business", "Business"),
                                    ("civil society", "Civil society"),
                                    ("research", "Research"),
                                    ("finance", "Finance"),
                                    ("international organisation", "International organisations"),
                                ],
                                max_length=30,
                                verbose_name="stakeholder group",
                            ),
                        ),
                        (
                            "website",
                            models.URLField(blank=True, max_length=500, verbose_name="website"),
                        ),
                        (
                            "summary",
                            models.TextField(blank=True, max_length=2000, verbose_name="summary"),
                        ),
                        (
                            "is_partner",
                            models.BooleanField(
                                default=False,
                                help_text="One of the partners that keep the hub: may own what it publishes.",
                                verbose_name="implementing partner",
                            ),
                        ),
                        (
                            "is_donor",
                            models.BooleanField(
                                default=False,
                                help_text="Pays for the hub itself. Those who pay for other work are funders by kind.",
                                verbose_name="donor of the hub",
                            ),
                        ),
                        (
                            "is_friend",
                            models.BooleanField(
                                default=False,
                                help_text="One of the outside group that advises the partners and works with them.",
                                verbose_name="in the Circle of Friends",
                            ),
                        ),
                        (
                            "source_url",
                            models.URLField(blank=True, max_length=500, verbose_name="source"),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                limit_choices_to={"scheme": "place"},
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="vocabulary.term",
                                verbose_name="place",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "organisation",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="partners_or_pgh_cre_b2b2ea_brin"
                            ),
                            models.Index(fields=["id"], name="partners_or_id_d0005c_idx"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="824489acf6c4ab95b0a7fd59734fd25844e79367",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_68049",
                                    table="partners_organisationevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PersonEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "slug",
                            models.SlugField(db_index=False, max_length=80, verbose_name="address"),
                        ),
                        ("name", models.CharField(max_length=150, verbose_name="name")),
                        (
                            "bio",
                            models.TextField(blank=True, max_length=2000, verbose_name="about"),
                        ),
                        (
                            "languages",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=hub.languages.work_language_choices, max_length=8
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="languages",
                            ),
                        ),
                        ("is_listed", models.BooleanField(default=False, verbose_name="listed")),
                        (
                            "consented_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="agreed to be listed"
                            ),
                        ),
                        (
                            "email",
                            models.EmailField(
                                blank=True,
                                help_text="For messages through the hub. Never shown.",
                                max_length=254,
                                verbose_name="e-mail address",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="partners.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "person",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="partners_pe_pgh_cre_7688d4_brin"
                            ),
                            models.Index(fields=["id"], name="partners_pe_id_4c2451_idx"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="0de21a79c0b4d3a38c84d9398ca1e94f192bcd90",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_0bbba",
                                    table="partners_personevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                hub.audit.operations.AddTriggers(
                    triggers=[
                        (
                            "membership",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "partners_membershipevent" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "role", "user_id") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."role", NEW."user_id"); RETURN NULL;',
                                    hash="e3cb880e71f2fbc9787366c3974e8f2e3c888042",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_81abf",
                                    table="partners_membership",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "membership",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "partners_membershipevent" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "role", "user_id") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."role", NEW."user_id"); RETURN NULL;',
                                    hash="f763622779c3f3b29715210e79a6c3c0bfdcda44",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_668ed",
                                    table="partners_membership",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "membership",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "partners_membershipevent" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "role", "user_id") VALUES (OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."role", OLD."user_id"); RETURN NULL;',
                                    hash="1c5d8d04981bf35e14bd13e062ee80ce21684e4b",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_25b49",
                                    table="partners_membership",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "organisation",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "partners_organisationevent" ("acronym", "id", "is_donor", "is_friend", "is_partner", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "place_id", "slug", "source_url", "stakeholder_group", "summary", "website") VALUES (NEW."acronym", NEW."id", NEW."is_donor", NEW."is_friend", NEW."is_partner", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."place_id", NEW."slug", NEW."source_url", NEW."stakeholder_group", NEW."summary", NEW."website"); RETURN NULL;',
                                    hash="317b179e8ee2d54e912d292a9dcbb57242c1f00c",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_ce7ac",
                                    table="partners_organisation",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "organisation",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "partners_organisationevent" ("acronym", "id", "is_donor", "is_friend", "is_partner", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "place_id", "slug", "source_url", "stakeholder_group", "summary", "website") VALUES (NEW."acronym", NEW."id", NEW."is_donor", NEW."is_friend", NEW."is_partner", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."place_id", NEW."slug", NEW."source_url", NEW."stakeholder_group", NEW."summary", NEW."website"); RETURN NULL;',
                                    hash="848e1b96eb9ffbca14f26e689cade1e106ad8956",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_8fb0e",
                                    table="partners_organisation",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "organisation",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "partners_organisationevent" ("acronym", "id", "is_donor", "is_friend", "is_partner", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "place_id", "slug", "source_url", "stakeholder_group", "summary", "website") VALUES (OLD."acronym", OLD."id", OLD."is_donor", OLD."is_friend", OLD."is_partner", OLD."kind", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."place_id", OLD."slug", OLD."source_url", OLD."stakeholder_group", OLD."summary", OLD."website"); RETURN NULL;',
                                    hash="19504fa1d3cd355bfad26efc386b914ffff3869c",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_7d3a7",
                                    table="partners_organisation",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "person",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "partners_personevent" ("bio", "consented_at", "email", "id", "is_listed", "languages", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "slug") VALUES (NEW."bio", NEW."consented_at", NEW."email", NEW."id", NEW."is_listed", NEW."languages", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."slug"); RETURN NULL;',
                                    hash="2c2b6a75376ad5330e246e83fc46230f1f333ac4",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_85018",
                                    table="partners_person",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "person",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "partners_personevent" ("bio", "consented_at", "email", "id", "is_listed", "languages", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "slug") VALUES (NEW."bio", NEW."consented_at", NEW."email", NEW."id", NEW."is_listed", NEW."languages", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."slug"); RETURN NULL;',
                                    hash="09347b79ca9a29c692dfb8d407c8ecce508aa45b",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_2d6cd",
                                    table="partners_person",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "person",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "partners_personevent" ("bio", "consented_at", "email", "id", "is_listed", "languages", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "slug") VALUES (OLD."bio", OLD."consented_at", OLD."email", OLD."id", OLD."is_listed", OLD."languages", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."slug"); RETURN NULL;',
                                    hash="55c41d8144bc68974d78be56e4b1c9643d7dde81",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_efc5b",
                                    table="partners_person",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "user",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "partners_userevent" ("email", "id", "is_active", "is_secretariat", "is_superuser", "joined_at", "language", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "timezone") VALUES (NEW."email", NEW."id", NEW."is_active", NEW."is_secretariat", NEW."is_superuser", NEW."joined_at", NEW."language", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."timezone"); RETURN NULL;',
                                    hash="bb26d79e56e5be1359f16fd3465f473612bf344c",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_4fa34",
                                    table="partners_user",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "user",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_secretariat" IS DISTINCT FROM (NEW."is_secretariat") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."joined_at" IS DISTINCT FROM (NEW."joined_at") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."timezone" IS DISTINCT FROM (NEW."timezone"))',
                                    func='INSERT INTO "partners_userevent" ("email", "id", "is_active", "is_secretariat", "is_superuser", "joined_at", "language", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "timezone") VALUES (NEW."email", NEW."id", NEW."is_active", NEW."is_secretariat", NEW."is_superuser", NEW."joined_at", NEW."language", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."timezone"); RETURN NULL;',
                                    hash="af5b86eb7a55b92d4adeed82fd3f269b2720b9b0",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_f552c",
                                    table="partners_user",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "user",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "partners_userevent" ("email", "id", "is_active", "is_secretariat", "is_superuser", "joined_at", "language", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "timezone") VALUES (OLD."email", OLD."id", OLD."is_active", OLD."is_secretariat", OLD."is_superuser", OLD."joined_at", OLD."language", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."timezone"); RETURN NULL;',
                                    hash="bce3724e0218b86ec9c1706fde1abf0ebea085ff",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_fb2b2",
                                    table="partners_user",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "expertise",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "partners_expertiseevent" ("id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "term_id") VALUES (NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."term_id"); RETURN NULL;',
                                    hash="2b70207d856b721ed8dc5c341cfae328766e6378",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_27732",
                                    table="partners_person_expertise",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "expertise",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "partners_expertiseevent" ("id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "term_id") VALUES (NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."term_id"); RETURN NULL;',
                                    hash="491eda28757c79a05cd2312b103031d29f7f4c03",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_52fa3",
                                    table="partners_person_expertise",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "expertise",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "partners_expertiseevent" ("id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "term_id") VALUES (OLD."id", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."term_id"); RETURN NULL;',
                                    hash="a2f23adc1cc63872cab6b072a41041ac600dbcfe",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_85dfe",
                                    table="partners_person_expertise",
                                    when="AFTER",
                                ),
                            ),
                        ),
                    ],
                ),
            ],
        ),
    ]
