import django.contrib.postgres.indexes
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
from django.db import migrations, models

import hub.audit.operations
import hub.languages


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0006_fewer_indexes"),
        ("partners", "0004_recorded"),
        ("portal", "0002_watched"),
        ("vocabulary", "0003_recorded"),
    ]

    operations = [
        hub.audit.operations.AllAtOnce(
            operations=[
                migrations.CreateModel(
                    name="QuoteEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("person", models.CharField(max_length=150, verbose_name="who")),
                        ("role", models.CharField(blank=True, max_length=200, verbose_name="role")),
                        ("words", models.TextField(max_length=600, verbose_name="what they say")),
                        (
                            "language",
                            models.CharField(
                                choices=hub.languages.work_language_choices,
                                default="en",
                                max_length=8,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "is_verbatim",
                            models.BooleanField(
                                default=False,
                                help_text="Set in quotation marks. Otherwise it is shown as retold by the hub.",
                                verbose_name="word for word",
                            ),
                        ),
                        (
                            "source_url",
                            models.URLField(blank=True, max_length=500, verbose_name="source"),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
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
                        "verbose_name": "quote",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="portal_quot_pgh_cre_acc32f_brin"
                            ),
                            models.Index(fields=["id"], name="portal_quot_id_1b21ec_idx"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="ba2ccfdae1c45acbb2dd05a2babd8b38df78cfdb",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_30668",
                                    table="portal_quoteevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReadFirstEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="catalogue.record",
                                verbose_name="work",
                            ),
                        ),
                        (
                            "term",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="vocabulary.term",
                                verbose_name="term",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "work to read first",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="portal_read_pgh_cre_ad6eb0_brin"
                            ),
                            models.Index(fields=["id"], name="portal_read_id_cbff7b_idx"),
                            models.Index(fields=["term"], name="portal_read_term_id_75b242_idx"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="39d4afb10ced95d20b7813bcf8d9d979660fa8fb",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_20985",
                                    table="portal_readfirstevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                hub.audit.operations.AddTriggers(
                    triggers=[
                        (
                            "quote",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "portal_quoteevent" ("id", "is_verbatim", "language", "organisation_id", "person", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "role", "source_url", "words") VALUES (NEW."id", NEW."is_verbatim", NEW."language", NEW."organisation_id", NEW."person", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."position", NEW."role", NEW."source_url", NEW."words"); RETURN NULL;',
                                    hash="2eac2ef2e7056f45f5589de38ec787eb478b85f3",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_372fa",
                                    table="portal_quote",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "quote",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "portal_quoteevent" ("id", "is_verbatim", "language", "organisation_id", "person", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "role", "source_url", "words") VALUES (NEW."id", NEW."is_verbatim", NEW."language", NEW."organisation_id", NEW."person", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."position", NEW."role", NEW."source_url", NEW."words"); RETURN NULL;',
                                    hash="198006526072bd1804f8f2e6a58d8917c6dd0914",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_2984c",
                                    table="portal_quote",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "quote",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "portal_quoteevent" ("id", "is_verbatim", "language", "organisation_id", "person", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "role", "source_url", "words") VALUES (OLD."id", OLD."is_verbatim", OLD."language", OLD."organisation_id", OLD."person", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."position", OLD."role", OLD."source_url", OLD."words"); RETURN NULL;',
                                    hash="9020b0c6e0adc8725dda4a9e2fa936d7b44abc33",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_43b9b",
                                    table="portal_quote",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "readfirst",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "portal_readfirstevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "record_id", "term_id") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."position", NEW."record_id", NEW."term_id"); RETURN NULL;',
                                    hash="0c728e2f449a5c4871eb547015ec30f6dec8fb0a",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_906fa",
                                    table="portal_readfirst",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "readfirst",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "portal_readfirstevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "record_id", "term_id") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."position", NEW."record_id", NEW."term_id"); RETURN NULL;',
                                    hash="aa76a52885a8c9a9183d89796de629a56abf2d8f",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_3b16d",
                                    table="portal_readfirst",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "readfirst",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "portal_readfirstevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "record_id", "term_id") VALUES (OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."position", OLD."record_id", OLD."term_id"); RETURN NULL;',
                                    hash="b07c8c6f7444889e51d8da5e420cc784c8cb1a25",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_330bc",
                                    table="portal_readfirst",
                                    when="AFTER",
                                ),
                            ),
                        ),
                    ],
                ),
            ],
        ),
    ]
