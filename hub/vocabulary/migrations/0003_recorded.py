import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
from django.db import migrations, models

import hub.audit.operations


class Migration(migrations.Migration):
    dependencies = [
        ("vocabulary", "0002_watched"),
    ]

    operations = [
        hub.audit.operations.AllAtOnce(
            operations=[
                migrations.CreateModel(
                    name="RelatedTerm",
                    fields=[],
                    options={
                        "verbose_name": "related term",
                        "proxy": True,
                        "default_permissions": (),
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=("vocabulary.term_related",),
                ),
                migrations.CreateModel(
                    name="RelatedTermEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "from_term",
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
                        (
                            "to_term",
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
                        "verbose_name": "related term",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="vocabulary__pgh_cre_c249ad_brin"
                            ),
                            models.Index(fields=["id"], name="vocabulary__id_778e7d_idx"),
                            models.Index(
                                fields=["from_term"], name="vocabulary__from_te_f28b6f_idx"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="9764a0c3b956c7d4fcb33e0448d06332a5557066",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_38103",
                                    table="vocabulary_relatedtermevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TermEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "scheme",
                            models.CharField(
                                choices=[
                                    ("topic", "Topic"),
                                    ("sector", "Sector"),
                                    ("place", "Place"),
                                    ("audience", "Audience"),
                                ],
                                max_length=10,
                                verbose_name="scheme",
                            ),
                        ),
                        (
                            "slug",
                            models.SlugField(db_index=False, max_length=80, verbose_name="address"),
                        ),
                        (
                            "code",
                            models.CharField(
                                blank=True,
                                help_text="For countries the ISO 3166-1 code.",
                                max_length=12,
                                verbose_name="code",
                            ),
                        ),
                        (
                            "latitude",
                            models.FloatField(
                                blank=True,
                                help_text="In degrees.",
                                null=True,
                                verbose_name="latitude",
                            ),
                        ),
                        (
                            "longitude",
                            models.FloatField(
                                blank=True,
                                help_text="In degrees.",
                                null=True,
                                verbose_name="longitude",
                            ),
                        ),
                        (
                            "place_kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("country", "country"),
                                    ("coal", "coal region"),
                                    ("industrial", "industrial region"),
                                    ("subnational", "state or region"),
                                ],
                                max_length=12,
                                verbose_name="kind of place",
                            ),
                        ),
                        (
                            "is_focus",
                            models.BooleanField(
                                default=False,
                                help_text="A country or topic that the programme works on.",
                                verbose_name="focus",
                            ),
                        ),
                        (
                            "source_url",
                            models.URLField(blank=True, max_length=500, verbose_name="source"),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="vocabulary.term",
                                verbose_name="belongs to",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "term",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="vocabulary__pgh_cre_2a7c70_brin"
                            ),
                            models.Index(fields=["id"], name="vocabulary__id_a8fd42_idx"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="595aa8e4dda78ccc7450da23b6d8e7178ce2a246",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_c1c08",
                                    table="vocabulary_termevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TermLabelEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "language",
                            models.CharField(
                                choices=[
                                    ("en", "English"),
                                    ("es", "Spanish"),
                                    ("id", "Indonesian"),
                                    ("mn", "Mongolian"),
                                    ("th", "Thai"),
                                    ("vi", "Vietnamese"),
                                ],
                                max_length=8,
                                verbose_name="language",
                            ),
                        ),
                        ("label", models.CharField(max_length=120, verbose_name="label")),
                        (
                            "alternatives",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=120),
                                blank=True,
                                default=list,
                                help_text="Synonyms and abbreviations. Search finds them too.",
                                size=None,
                                verbose_name="other words for it",
                            ),
                        ),
                        (
                            "description",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="introduction"
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
                        "verbose_name": "label",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="vocabulary__pgh_cre_167be6_brin"
                            ),
                            models.Index(fields=["id"], name="vocabulary__id_acc566_idx"),
                            models.Index(fields=["term"], name="vocabulary__term_id_c98eb5_idx"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="59e3447cdf9ac27937accd6cdc4cd8f3b812e4e1",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_52174",
                                    table="vocabulary_termlabelevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                hub.audit.operations.AddTriggers(
                    triggers=[
                        (
                            "term",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "vocabulary_termevent" ("code", "id", "is_focus", "latitude", "longitude", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "place_kind", "scheme", "slug", "source_url") VALUES (NEW."code", NEW."id", NEW."is_focus", NEW."latitude", NEW."longitude", NEW."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."place_kind", NEW."scheme", NEW."slug", NEW."source_url"); RETURN NULL;',
                                    hash="0bda77d50b37387d83ada05f77eec5afa7f4949f",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_02f24",
                                    table="vocabulary_term",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "term",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "vocabulary_termevent" ("code", "id", "is_focus", "latitude", "longitude", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "place_kind", "scheme", "slug", "source_url") VALUES (NEW."code", NEW."id", NEW."is_focus", NEW."latitude", NEW."longitude", NEW."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."place_kind", NEW."scheme", NEW."slug", NEW."source_url"); RETURN NULL;',
                                    hash="aba58e4383f31dedee160e482f8b77e68309d511",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_0185b",
                                    table="vocabulary_term",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "term",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "vocabulary_termevent" ("code", "id", "is_focus", "latitude", "longitude", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "place_kind", "scheme", "slug", "source_url") VALUES (OLD."code", OLD."id", OLD."is_focus", OLD."latitude", OLD."longitude", OLD."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."place_kind", OLD."scheme", OLD."slug", OLD."source_url"); RETURN NULL;',
                                    hash="d28785258e48369c33103df1bcee1b1d0758ee9f",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_0b0e5",
                                    table="vocabulary_term",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "termlabel",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "vocabulary_termlabelevent" ("alternatives", "description", "id", "label", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "term_id") VALUES (NEW."alternatives", NEW."description", NEW."id", NEW."label", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."term_id"); RETURN NULL;',
                                    hash="b3128374a5ccb276e41016c992872589a241601e",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_533c8",
                                    table="vocabulary_termlabel",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "termlabel",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "vocabulary_termlabelevent" ("alternatives", "description", "id", "label", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "term_id") VALUES (NEW."alternatives", NEW."description", NEW."id", NEW."label", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."term_id"); RETURN NULL;',
                                    hash="119dce36054445c1471d97cc2096b9ac4a37dfb6",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_c8966",
                                    table="vocabulary_termlabel",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "termlabel",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "vocabulary_termlabelevent" ("alternatives", "description", "id", "label", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "term_id") VALUES (OLD."alternatives", OLD."description", OLD."id", OLD."label", OLD."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."term_id"); RETURN NULL;',
                                    hash="6cccf095e4392ed53a998096d989cdc2b08038ac",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_e2e30",
                                    table="vocabulary_termlabel",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "relatedterm",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "vocabulary_relatedtermevent" ("from_term_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "to_term_id") VALUES (NEW."from_term_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."to_term_id"); RETURN NULL;',
                                    hash="bc3b791c0b36ba577425a3e75fcfa0cf4b9fd602",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_587c7",
                                    table="vocabulary_term_related",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "relatedterm",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "vocabulary_relatedtermevent" ("from_term_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "to_term_id") VALUES (NEW."from_term_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."to_term_id"); RETURN NULL;',
                                    hash="110c3767cbe61655087cc5872c631d84f372dcc4",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_9ab7c",
                                    table="vocabulary_term_related",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "relatedterm",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "vocabulary_relatedtermevent" ("from_term_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "to_term_id") VALUES (OLD."from_term_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."to_term_id"); RETURN NULL;',
                                    hash="30f95846647ac184ab7a7d872ab5319aba28d1d5",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_46edc",
                                    table="vocabulary_term_related",
                                    when="AFTER",
                                ),
                            ),
                        ),
                    ],
                ),
            ],
        ),
    ]
