import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
from django.db import migrations, models

import hub.audit.operations


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        hub.audit.operations.AllAtOnce(
            operations=[
                migrations.CreateModel(
                    name="FreeTag",
                    fields=[],
                    options={
                        "verbose_name": "free tag",
                        "proxy": True,
                        "default_permissions": (),
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=("taggit.tag",),
                ),
                migrations.CreateModel(
                    name="Tagging",
                    fields=[],
                    options={
                        "verbose_name": "free tag",
                        "proxy": True,
                        "default_permissions": (),
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=("taggit.taggeditem",),
                ),
                migrations.CreateModel(
                    name="Access",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="when"
                            ),
                        ),
                        ("act", models.CharField(max_length=40, verbose_name="what")),
                        ("account", models.BigIntegerField(null=True, verbose_name="who")),
                        (
                            "model",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="of which kind"
                            ),
                        ),
                        ("object_id", models.BigIntegerField(null=True, verbose_name="which one")),
                        ("detail", models.JSONField(default=dict, verbose_name="details")),
                        (
                            "route",
                            models.CharField(blank=True, max_length=300, verbose_name="page"),
                        ),
                        (
                            "client",
                            models.CharField(
                                blank=True, max_length=16, verbose_name="hash of the client"
                            ),
                        ),
                        ("request_id", models.UUIDField(null=True, verbose_name="request")),
                    ],
                    options={
                        "verbose_name": "access",
                        "verbose_name_plural": "accesses",
                        "ordering": ["-at", "-id"],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(fields=["account", "at"], name="access_of_account"),
                            models.Index(fields=["model", "object_id"], name="access_of_object"),
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["at"], name="access_at"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("act__regex", "^[a-z][a-z_]*$")),
                                name="access_act_is_a_name",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="00e7d6be01fa15e6cd87a434a3bf37497331d85e",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_7761d",
                                    table="audit_access",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FreeTagEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.IntegerField()),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        (
                            "slug",
                            models.SlugField(
                                allow_unicode=True,
                                db_index=False,
                                max_length=100,
                                verbose_name="slug",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "free tag",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="audit_freet_pgh_cre_0ec0b0_brin"
                            ),
                            models.Index(fields=["id"], name="audit_freet_id_063353_idx"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="bae2c212bbfb68f7891d37db21f5ca63b33886bb",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_caf88",
                                    table="audit_freetagevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaggingEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.IntegerField()),
                        ("object_id", models.IntegerField(verbose_name="object ID")),
                        (
                            "content_type",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="content type",
                            ),
                        ),
                        (
                            "tag",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="taggit.tag",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "free tag",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="audit_taggi_pgh_cre_d3acc1_brin"
                            ),
                            models.Index(fields=["id"], name="audit_taggi_id_bb1d92_idx"),
                            models.Index(
                                fields=["content_type", "object_id"],
                                name="audit_taggi_content_f21aec_idx",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="1b6044dd17582102b37170ff3311e9fe13effd9b",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_f54bb",
                                    table="audit_taggingevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                hub.audit.operations.AddTriggers(
                    triggers=[
                        (
                            "freetag",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "audit_freetagevent" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "slug") VALUES (NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."slug"); RETURN NULL;',
                                    hash="cae09a6f69816af4261313df148d062f545110da",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_a882c",
                                    table="taggit_tag",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "freetag",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "audit_freetagevent" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "slug") VALUES (NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."slug"); RETURN NULL;',
                                    hash="9fd746f46789242ecdb7f7f8f2069b06d62aa619",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_e3688",
                                    table="taggit_tag",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "freetag",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "audit_freetagevent" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "slug") VALUES (OLD."id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."slug"); RETURN NULL;',
                                    hash="4b8e1179dd2d0d552b4d294525d5597c35a15d27",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_68932",
                                    table="taggit_tag",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "tagging",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "audit_taggingevent" ("content_type_id", "id", "object_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "tag_id") VALUES (NEW."content_type_id", NEW."id", NEW."object_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."tag_id"); RETURN NULL;',
                                    hash="b27e74c6e0211cf913fad8902c72624c104730b4",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_77a43",
                                    table="taggit_taggeditem",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "tagging",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "audit_taggingevent" ("content_type_id", "id", "object_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "tag_id") VALUES (NEW."content_type_id", NEW."id", NEW."object_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."tag_id"); RETURN NULL;',
                                    hash="1d90333d86dcd5da4db4ded2bf9f1e582f04d75b",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_736a7",
                                    table="taggit_taggeditem",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "tagging",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "audit_taggingevent" ("content_type_id", "id", "object_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "tag_id") VALUES (OLD."content_type_id", OLD."id", OLD."object_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."tag_id"); RETURN NULL;',
                                    hash="bb9b77af7a4e07595733761632c012469c19a8f4",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_9ed73",
                                    table="taggit_taggeditem",
                                    when="AFTER",
                                ),
                            ),
                        ),
                    ],
                ),
            ],
        ),
    ]
