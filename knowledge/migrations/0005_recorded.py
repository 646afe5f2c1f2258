import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
from django.db import migrations, models

import hub.audit.operations
import hub.languages
import knowledge.models.resources


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0004_files"),
        ("partners", "0004_recorded"),
        ("vocabulary", "0003_recorded"),
    ]

    operations = [
        hub.audit.operations.AllAtOnce(
            operations=[
                migrations.CreateModel(
                    name="CoOwner",
                    fields=[],
                    options={
                        "verbose_name": "co-owner",
                        "proxy": True,
                        "default_permissions": (),
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=("knowledge.resource_co_owners",),
                ),
                migrations.CreateModel(
                    name="ResourceTerm",
                    fields=[],
                    options={
                        "verbose_name": "topic, sector or place",
                        "proxy": True,
                        "default_permissions": (),
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=("knowledge.resource_terms",),
                ),
                migrations.CreateModel(
                    name="CoOwnerEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                db_tablespace="",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="partners.organisation",
                            ),
                        ),
                        (
                            "resource",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                db_tablespace="",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="knowledge.resource",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "co-owner",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="knowledge_c_pgh_cre_d748c2_brin"
                            ),
                            models.Index(fields=["id"], name="knowledge_c_id_6ea6f0_idx"),
                            models.Index(
                                fields=["resource"], name="knowledge_c_resourc_c4481a_idx"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="0ffde90d330cac245fb18f1707b6bd65a124ddf3",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_bd297",
                                    table="knowledge_coownerevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CoverEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("digest", models.CharField(max_length=32)),
                        ("small_width", models.PositiveSmallIntegerField()),
                        ("small_height", models.PositiveSmallIntegerField()),
                        ("large_width", models.PositiveSmallIntegerField()),
                        ("large_height", models.PositiveSmallIntegerField()),
                        (
                            "alt",
                            models.CharField(
                                blank=True, max_length=250, verbose_name="description of the cover"
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="knowledge.file",
                                verbose_name="file",
                            ),
                        ),
                        (
                            "resource",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="knowledge.resource",
                                verbose_name="resource",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "cover",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="knowledge_c_pgh_cre_7cc2fd_brin"
                            ),
                            models.Index(fields=["id"], name="knowledge_c_id_6b7e90_idx"),
                            models.Index(
                                fields=["resource"], name="knowledge_c_resourc_d7936a_idx"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="4368c2b76fecc6518a69292a09ee6af9335601a7",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_cd0d3",
                                    table="knowledge_coverevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CreditEvent",
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
                                choices=[("author", "Author"), ("publisher", "Publisher")],
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
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
                        (
                            "resource",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="knowledge.resource",
                                verbose_name="resource",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "credit",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="knowledge_c_pgh_cre_ee2fef_brin"
                            ),
                            models.Index(fields=["id"], name="knowledge_c_id_1e75eb_idx"),
                            models.Index(
                                fields=["resource"], name="knowledge_c_resourc_a706b3_idx"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="e5b72b4c25dc3d67a7b7f25a62f9768120435a19",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_a6930",
                                    table="knowledge_creditevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EditionEvent",
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
                                choices=hub.languages.work_language_choices,
                                max_length=8,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "title",
                            models.CharField(blank=True, max_length=300, verbose_name="title"),
                        ),
                        (
                            "subtitle",
                            models.CharField(blank=True, max_length=300, verbose_name="subtitle"),
                        ),
                        (
                            "summary",
                            models.TextField(
                                blank=True,
                                help_text="Plain text in the hub's own words: what it is, what it says, for whom.",
                                max_length=2000,
                                verbose_name="summary",
                            ),
                        ),
                        ("body", models.TextField(blank=True, verbose_name="text")),
                        (
                            "is_original",
                            models.BooleanField(default=False, verbose_name="original"),
                        ),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("human", "written by a person"),
                                    ("machine", "translated by machine"),
                                    (
                                        "machine_checked",
                                        "translated by machine, checked by a person",
                                    ),
                                ],
                                default="human",
                                max_length=16,
                                verbose_name="how it was written",
                            ),
                        ),
                        (
                            "resource",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="knowledge.resource",
                                verbose_name="resource",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "edition",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="knowledge_e_pgh_cre_0135c5_brin"
                            ),
                            models.Index(fields=["id"], name="knowledge_e_id_58d8c6_idx"),
                            models.Index(
                                fields=["resource"], name="knowledge_e_resourc_909a5e_idx"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="724c01d1ee1f1cfe8d6d44ace911b36301170045",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_897b5",
                                    table="knowledge_editionevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FileEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "sha256",
                            models.CharField(
                                editable=False, max_length=64, verbose_name="checksum"
                            ),
                        ),
                        (
                            "size",
                            models.PositiveIntegerField(
                                editable=False, help_text="In bytes.", verbose_name="size"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=hub.languages.work_language_choices,
                                max_length=8,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "title",
                            models.CharField(blank=True, max_length=200, verbose_name="title"),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                        (
                            "resource",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="knowledge.resource",
                                verbose_name="resource",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "file",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="knowledge_f_pgh_cre_0eadc6_brin"
                            ),
                            models.Index(fields=["id"], name="knowledge_f_id_7ebe34_idx"),
                            models.Index(
                                fields=["resource"], name="knowledge_f_resourc_13610a_idx"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="3f7498a8f1062aa2df02fafdea1e91902c40872d",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_401cc",
                                    table="knowledge_fileevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdentifierEvent",
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
                                choices=[("doi", "DOI"), ("isbn", "ISBN"), ("handle", "Handle")],
                                max_length=10,
                                verbose_name="scheme",
                            ),
                        ),
                        ("value", models.CharField(max_length=200, verbose_name="value")),
                        (
                            "resource",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="knowledge.resource",
                                verbose_name="resource",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "identifier",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="knowledge_i_pgh_cre_476e2a_brin"
                            ),
                            models.Index(fields=["id"], name="knowledge_i_id_e50140_idx"),
                            models.Index(
                                fields=["resource"], name="knowledge_i_resourc_918e51_idx"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="ae383adedfb9dd2bb48a3bcc7e068c80f8d5c620",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_0057d",
                                    table="knowledge_identifierevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LinkEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "url",
                            models.URLField(
                                max_length=1000,
                                validators=[
                                    django.core.validators.URLValidator(schemes=["http", "https"])
                                ],
                                verbose_name="address",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("work", "The work"),
                                    ("mirror", "A copy elsewhere"),
                                    ("listed", "A page that lists it"),
                                ],
                                default="work",
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "label",
                            models.CharField(blank=True, max_length=120, verbose_name="label"),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                        (
                            "resource",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="knowledge.resource",
                                verbose_name="resource",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "link",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="knowledge_l_pgh_cre_82a5e8_brin"
                            ),
                            models.Index(fields=["id"], name="knowledge_l_id_580b65_idx"),
                            models.Index(
                                fields=["resource"], name="knowledge_l_resourc_eeb037_idx"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="204f9157786c9e5d81959cdab11c5be3a9f0b11b",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_20a0f",
                                    table="knowledge_linkevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResourceEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "public_id",
                            models.CharField(
                                default=knowledge.models.resources.new_public_id,
                                editable=False,
                                max_length=12,
                                verbose_name="permanent name",
                            ),
                        ),
                        (
                            "slug",
                            models.SlugField(
                                db_index=False, max_length=100, verbose_name="address"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("explainer", "Explainer"),
                                    ("policy-document", "Policy document"),
                                    ("tool", "Tool"),
                                    ("portal", "Portal"),
                                    ("guide", "Guide"),
                                    ("course", "Course"),
                                    ("op-ed", "Op-ed"),
                                    ("interview", "Interview"),
                                    ("video", "Video"),
                                    ("podcast", "Podcast"),
                                    ("report", "Report"),
                                    ("brief", "Brief"),
                                    ("journal-article", "Journal article"),
                                    ("case-study", "Case study"),
                                    ("dataset", "Dataset"),
                                    ("news", "News"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("published", "Published"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "languages",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=hub.languages.work_language_choices, max_length=8
                                ),
                                help_text="Those it can be read in, the original first.",
                                size=None,
                                verbose_name="languages of the work",
                            ),
                        ),
                        (
                            "published_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="date of the work"
                            ),
                        ),
                        (
                            "published_precision",
                            models.CharField(
                                blank=True,
                                choices=[("day", "day"), ("month", "month"), ("year", "year")],
                                max_length=5,
                                verbose_name="known to the",
                            ),
                        ),
                        (
                            "licence",
                            models.CharField(
                                blank=True,
                                help_text="As the publisher states it.",
                                max_length=60,
                                verbose_name="licence",
                            ),
                        ),
                        (
                            "is_featured",
                            models.BooleanField(default=False, verbose_name="read first"),
                        ),
                        (
                            "publish_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="public from"
                            ),
                        ),
                        (
                            "unpublished_at",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="withdrawn at"
                            ),
                        ),
                        (
                            "reason",
                            models.TextField(
                                blank=True, editable=False, verbose_name="reason of withdrawal"
                            ),
                        ),
                        (
                            "review_by",
                            models.DateField(
                                blank=True, null=True, verbose_name="to be reviewed by"
                            ),
                        ),
                        (
                            "curator_note",
                            models.TextField(
                                blank=True,
                                help_text="Never shown on the site.",
                                verbose_name="note for curators",
                            ),
                        ),
                        (
                            "source_url",
                            models.URLField(
                                blank=True, max_length=1000, verbose_name="page it was found on"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="added",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                help_text="Who curates this entry: a partner, or the hub's editorial desk.",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="partners.organisation",
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "replaced_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="knowledge.resource",
                                verbose_name="replaced by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "resource",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="knowledge_r_pgh_cre_f7bfc1_brin"
                            ),
                            models.Index(fields=["id"], name="knowledge_r_id_fbf734_idx"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="558a3396cdb4cef225696061265d5de6e50029bc",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_dc41d",
                                    table="knowledge_resourceevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResourceTermEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "resource",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                db_tablespace="",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="knowledge.resource",
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
                        "verbose_name": "topic, sector or place",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["pgh_created_at"], name="knowledge_r_pgh_cre_0d7654_brin"
                            ),
                            models.Index(fields=["id"], name="knowledge_r_id_e5f290_idx"),
                            models.Index(
                                fields=["resource"], name="knowledge_r_resourc_555d2b_idx"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="25601164583745fb5dc9b8c86ea88cbee94f52d3",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_79b41",
                                    table="knowledge_resourcetermevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                hub.audit.operations.AddTriggers(
                    triggers=[
                        (
                            "cover",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_coverevent" ("alt", "digest", "file_id", "id", "large_height", "large_width", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id", "small_height", "small_width") VALUES (NEW."alt", NEW."digest", NEW."file_id", NEW."id", NEW."large_height", NEW."large_width", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."resource_id", NEW."small_height", NEW."small_width"); RETURN NULL;',
                                    hash="ae36eeeeae6ba0bb1c05266f73e949a6b99a14aa",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_5d513",
                                    table="knowledge_cover",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "cover",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "knowledge_coverevent" ("alt", "digest", "file_id", "id", "large_height", "large_width", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id", "small_height", "small_width") VALUES (NEW."alt", NEW."digest", NEW."file_id", NEW."id", NEW."large_height", NEW."large_width", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."resource_id", NEW."small_height", NEW."small_width"); RETURN NULL;',
                                    hash="1d944164adafd1b9a48d28f5736fce82f0493bfc",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_ac0eb",
                                    table="knowledge_cover",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "cover",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_coverevent" ("alt", "digest", "file_id", "id", "large_height", "large_width", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id", "small_height", "small_width") VALUES (OLD."alt", OLD."digest", OLD."file_id", OLD."id", OLD."large_height", OLD."large_width", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."resource_id", OLD."small_height", OLD."small_width"); RETURN NULL;',
                                    hash="4a00f808bf38e41359db50801cb7e6dfb98666ca",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_f0e11",
                                    table="knowledge_cover",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "credit",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_creditevent" ("id", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "resource_id", "role") VALUES (NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."position", NEW."resource_id", NEW."role"); RETURN NULL;',
                                    hash="51de23e4b0b276b40de5f3d6430ed04479a7d76f",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_8ce6f",
                                    table="knowledge_credit",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "credit",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "knowledge_creditevent" ("id", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "resource_id", "role") VALUES (NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."position", NEW."resource_id", NEW."role"); RETURN NULL;',
                                    hash="cb9d5adf29feff0622b470024e8595d7cf0ad7bf",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_62333",
                                    table="knowledge_credit",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "credit",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_creditevent" ("id", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "resource_id", "role") VALUES (OLD."id", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."position", OLD."resource_id", OLD."role"); RETURN NULL;',
                                    hash="3d743556eb959c0676b48cbc0db4c28178d8e528",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_36a1c",
                                    table="knowledge_credit",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "edition",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_editionevent" ("body", "id", "is_original", "language", "method", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id", "subtitle", "summary", "title") VALUES (NEW."body", NEW."id", NEW."is_original", NEW."language", NEW."method", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."resource_id", NEW."subtitle", NEW."summary", NEW."title"); RETURN NULL;',
                                    hash="fc42ea291a05faa0c954601d4d664b497d4d9990",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_198ed",
                                    table="knowledge_edition",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "edition",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "knowledge_editionevent" ("body", "id", "is_original", "language", "method", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id", "subtitle", "summary", "title") VALUES (NEW."body", NEW."id", NEW."is_original", NEW."language", NEW."method", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."resource_id", NEW."subtitle", NEW."summary", NEW."title"); RETURN NULL;',
                                    hash="d45dcda184abbf06884f538609017d717d2fecb0",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_05282",
                                    table="knowledge_edition",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "edition",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_editionevent" ("body", "id", "is_original", "language", "method", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id", "subtitle", "summary", "title") VALUES (OLD."body", OLD."id", OLD."is_original", OLD."language", OLD."method", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."resource_id", OLD."subtitle", OLD."summary", OLD."title"); RETURN NULL;',
                                    hash="e3cc90579ea369a549535e6183b4fe28f1905c50",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_e9ab4",
                                    table="knowledge_edition",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "file",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_fileevent" ("id", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "resource_id", "sha256", "size", "title") VALUES (NEW."id", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."position", NEW."resource_id", NEW."sha256", NEW."size", NEW."title"); RETURN NULL;',
                                    hash="858d351e17b8c367c5b1bafa917e1d2fe910e06a",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_88f40",
                                    table="knowledge_file",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "file",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."resource_id" IS DISTINCT FROM (NEW."resource_id") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."title" IS DISTINCT FROM (NEW."title"))',
                                    func='INSERT INTO "knowledge_fileevent" ("id", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "resource_id", "sha256", "size", "title") VALUES (NEW."id", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."position", NEW."resource_id", NEW."sha256", NEW."size", NEW."title"); RETURN NULL;',
                                    hash="3181ccdcf6ffc1d56d02ebd6790b6ef87f2a9a9a",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_2612a",
                                    table="knowledge_file",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "file",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_fileevent" ("id", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "resource_id", "sha256", "size", "title") VALUES (OLD."id", OLD."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."position", OLD."resource_id", OLD."sha256", OLD."size", OLD."title"); RETURN NULL;',
                                    hash="b8646fdb22d25e393d107f528eee89ef3792bfed",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_88106",
                                    table="knowledge_file",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "identifier",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_identifierevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id", "scheme", "value") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."resource_id", NEW."scheme", NEW."value"); RETURN NULL;',
                                    hash="55431f90f4e88c68c18cd15fdfef52538eae759a",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_3b325",
                                    table="knowledge_identifier",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "identifier",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "knowledge_identifierevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id", "scheme", "value") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."resource_id", NEW."scheme", NEW."value"); RETURN NULL;',
                                    hash="267edc1d5f03e0a82aacbb26e217d39264651065",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_6f172",
                                    table="knowledge_identifier",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "identifier",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_identifierevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id", "scheme", "value") VALUES (OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."resource_id", OLD."scheme", OLD."value"); RETURN NULL;',
                                    hash="c6811dc16d8348fe7125c88986b8dc94977f3915",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_2a171",
                                    table="knowledge_identifier",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "link",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_linkevent" ("id", "kind", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "resource_id", "url") VALUES (NEW."id", NEW."kind", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."position", NEW."resource_id", NEW."url"); RETURN NULL;',
                                    hash="361cc446e85a2b0a1e67b72dd022450b47cf46a1",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_65c43",
                                    table="knowledge_link",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "link",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."resource_id" IS DISTINCT FROM (NEW."resource_id") OR OLD."url" IS DISTINCT FROM (NEW."url"))',
                                    func='INSERT INTO "knowledge_linkevent" ("id", "kind", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "resource_id", "url") VALUES (NEW."id", NEW."kind", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."position", NEW."resource_id", NEW."url"); RETURN NULL;',
                                    hash="cfe114e294f8542c0c634880e5ed2512449ec9d1",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_478c3",
                                    table="knowledge_link",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "link",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_linkevent" ("id", "kind", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "position", "resource_id", "url") VALUES (OLD."id", OLD."kind", OLD."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."position", OLD."resource_id", OLD."url"); RETURN NULL;',
                                    hash="16a8da589d0396689f1501167d0e0fd9c1508df7",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_22a1c",
                                    table="knowledge_link",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "resource",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_resourceevent" ("created_at", "curator_note", "id", "is_featured", "kind", "languages", "licence", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "public_id", "publish_at", "published_on", "published_precision", "reason", "replaced_by_id", "review_by", "slug", "source_url", "status", "unpublished_at", "version") VALUES (NEW."created_at", NEW."curator_note", NEW."id", NEW."is_featured", NEW."kind", NEW."languages", NEW."licence", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."public_id", NEW."publish_at", NEW."published_on", NEW."published_precision", NEW."reason", NEW."replaced_by_id", NEW."review_by", NEW."slug", NEW."source_url", NEW."status", NEW."unpublished_at", NEW."version"); RETURN NULL;',
                                    hash="aeeac41030d2494ec06409aba12b1959f507eefc",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_4ad54",
                                    table="knowledge_resource",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "resource",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."curator_note" IS DISTINCT FROM (NEW."curator_note") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_featured" IS DISTINCT FROM (NEW."is_featured") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."languages" IS DISTINCT FROM (NEW."languages") OR OLD."licence" IS DISTINCT FROM (NEW."licence") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."publish_at" IS DISTINCT FROM (NEW."publish_at") OR OLD."published_on" IS DISTINCT FROM (NEW."published_on") OR OLD."published_precision" IS DISTINCT FROM (NEW."published_precision") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."replaced_by_id" IS DISTINCT FROM (NEW."replaced_by_id") OR OLD."review_by" IS DISTINCT FROM (NEW."review_by") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."source_url" IS DISTINCT FROM (NEW."source_url") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."unpublished_at" IS DISTINCT FROM (NEW."unpublished_at") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                                    func='INSERT INTO "knowledge_resourceevent" ("created_at", "curator_note", "id", "is_featured", "kind", "languages", "licence", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "public_id", "publish_at", "published_on", "published_precision", "reason", "replaced_by_id", "review_by", "slug", "source_url", "status", "unpublished_at", "version") VALUES (NEW."created_at", NEW."curator_note", NEW."id", NEW."is_featured", NEW."kind", NEW."languages", NEW."licence", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."public_id", NEW."publish_at", NEW."published_on", NEW."published_precision", NEW."reason", NEW."replaced_by_id", NEW."review_by", NEW."slug", NEW."source_url", NEW."status", NEW."unpublished_at", NEW."version"); RETURN NULL;',
                                    hash="46b08de89bc0e14e080d746c957cfac7fa076494",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_3c102",
                                    table="knowledge_resource",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "resource",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_resourceevent" ("created_at", "curator_note", "id", "is_featured", "kind", "languages", "licence", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "public_id", "publish_at", "published_on", "published_precision", "reason", "replaced_by_id", "review_by", "slug", "source_url", "status", "unpublished_at", "version") VALUES (OLD."created_at", OLD."curator_note", OLD."id", OLD."is_featured", OLD."kind", OLD."languages", OLD."licence", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."public_id", OLD."publish_at", OLD."published_on", OLD."published_precision", OLD."reason", OLD."replaced_by_id", OLD."review_by", OLD."slug", OLD."source_url", OLD."status", OLD."unpublished_at", OLD."version"); RETURN NULL;',
                                    hash="dc9bf7934c7e9be480cff5e761652ef42e057b24",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_4e71c",
                                    table="knowledge_resource",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "coowner",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_coownerevent" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."resource_id"); RETURN NULL;',
                                    hash="34605111c7547d105e9e453d448899436e384d4e",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_7e36b",
                                    table="knowledge_resource_co_owners",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "coowner",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "knowledge_coownerevent" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."resource_id"); RETURN NULL;',
                                    hash="19ff0a9c3539399bf0b5e2c536ca209466b8da6b",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_69746",
                                    table="knowledge_resource_co_owners",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "coowner",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_coownerevent" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id") VALUES (OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."resource_id"); RETURN NULL;',
                                    hash="ceff416d2887b6deb3cf3342ce815aa0cf557543",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_1c689",
                                    table="knowledge_resource_co_owners",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "resourceterm",
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_resourcetermevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id", "term_id") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."resource_id", NEW."term_id"); RETURN NULL;',
                                    hash="5e709d55d5fa0f99dce7a74226c56626b889e13c",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_98db0",
                                    table="knowledge_resource_terms",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "resourceterm",
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "knowledge_resourcetermevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id", "term_id") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."resource_id", NEW."term_id"); RETURN NULL;',
                                    hash="b51dd14d57983ddb7c2671cc6c4d9ec90a569ed4",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_db80d",
                                    table="knowledge_resource_terms",
                                    when="AFTER",
                                ),
                            ),
                        ),
                        (
                            "resourceterm",
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "knowledge_resourcetermevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "resource_id", "term_id") VALUES (OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."resource_id", OLD."term_id"); RETURN NULL;',
                                    hash="a857291f66c4b53fb2b888021062075be56f6b83",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_19438",
                                    table="knowledge_resource_terms",
                                    when="AFTER",
                                ),
                            ),
                        ),
                    ],
                ),
            ],
        ),
    ]
