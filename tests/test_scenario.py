"""The whole way on the real starting content: browse, find, edit, see the change, withdraw; and at
the end the catalogue still agrees with its sources."""

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils.html import escape

from events import invariants
from events.models import Event, Session
from hub.catalogue import reindexing
from hub.catalogue.models import Record
from hub.partners.models import Organisation
from hub.partners.tests.factories import make_user
from hub.portal.models import Quote
from hub.tests.queue import run_waiting_jobs
from hub.vocabulary.models import Term, TermLabel
from knowledge.models import Credit, Link, Resource

LIBRARY = "/resources/"


@pytest.mark.django_db
class TestStartingContent:
    pytestmark = pytest.mark.usefixtures("starting_content")

    def test_is_complete(self):
        works = Record.objects.public().works()
        assert Resource.objects.public().count() == works.count() == 261
        assert Event.objects.public().filter(is_example=False).count() == 57
        assert Session.objects.public().filter(event__is_example=False).count() == 41
        assert Organisation.objects.public().count() == 138
        assert Quote.objects.filter(is_verbatim=False).exclude(source_url="").count() == 5
        assert Term.objects.topics().count() == 24
        assert Term.objects.sectors().count() == 15
        assert Term.objects.places().exclude(place_kind="country").count() == 127
        assert Term.objects.countries().filter(is_focus=True).count() == 7
        assert Resource.objects.filter(published_on=None).count() == 105

    def test_names_every_term_in_six_languages(self):
        languages = set(TermLabel.objects.values_list("language", flat=True))

        assert languages == {"en", "es", "id", "mn", "th", "vi"}
        assert TermLabel.objects.count() == Term.objects.count() * 6

    def test_credits_publishers_without_making_them_owners(self):
        publishers = Credit.objects.filter(role="publisher")
        unnamed = Resource.objects.exclude(credits__role="publisher")
        with_unknown = publishers.filter(organisation=None).values("resource").distinct()
        owners = Organisation.objects.filter(owned_resources__isnull=False).distinct()

        assert unnamed.count() == 8
        assert with_unknown.count() == 144
        assert {owner.kind for owner in owners} == {"implementing partner", "desk"}

    def test_knows_who_keeps_and_pays_for_the_hub(self, client):
        shown = client.get("/partners/").context

        parts = {
            part: [one.organisation.short_name for one in shown[part]]
            for part in ("partners", "donors", "projects", "friends")
        }
        assert parts == {
            "partners": [
                "CAN International",
                "GIZ",
                "IISD",
                "ILO",
                "ITUC JTC",
                "Wuppertal Institute",
            ],
            "donors": ["BMWK", "DG INTPA"],
            "projects": ["IKI JET"],
            "friends": [],
        }
        assert shown["others_count"] == 138 - 9

    def test_keeps_where_each_row_came_from(self):
        assert Resource.objects.filter(source_url="").count() == 0
        assert Organisation.objects.public().filter(source_url="").count() == 0
        assert Term.objects.filter(parent__isnull=False, source_url="").count() == 0

    def test_notes_shared_and_missing_addresses(self):
        assert Resource.objects.filter(links=None, curator_note__startswith="No address").exists()
        assert Link.objects.filter(kind="listed").count() == 12

    def test_keeps_every_rule(self):
        """The database held its constraints on every row; of the checks that forms make besides,
        a sample will do."""
        for model in (Term, TermLabel, Organisation, Quote, Resource, *_parts_of(Resource)):
            for row in model._default_manager.all()[::9]:
                row.full_clean()

    def test_can_be_walked_edited_and_withdrawn(self, client):
        chosen = f"{LIBRARY}?kind=op-ed&language=es&topic=social-dialogue"
        listed = client.get(chosen).context["cards"]
        card = listed[0]
        resource = Resource.objects.get(slug=card.url.rstrip("/").rpartition("/")[2])
        word = max(card.summary.rstrip(".").split(), key=len).strip(",.;:’'")

        assert {(one.kind.value, one.record.languages[0]) for one in listed} == {("op-ed", "es")}
        assert escape(card.title) in client.get(card.url).content.decode()
        assert card.url in [one.url for one in client.get(LIBRARY, {"q": word}).context["cards"]]

        self._edit_summary(client, resource, "A zymurgist among the miners.")

        assert client.get(card.url).context["resource_card"].summary == (
            "A zymurgist among the miners."
        )
        assert [one.url for one in client.get("/search/?q=zymurgist").context["cards"]] == [
            card.url
        ]

        self._withdraw(client, resource, "Told twice")

        gone = client.get(card.url)
        assert (gone.status_code, gone.context["reason"]) == (410, "Told twice")
        assert client.get("/search/?q=zymurgist").context["total"] == 0
        self._rename_a_topic(client)
        assert list(reindexing.differences()) == []
        assert invariants.findings() == []  # scenario 32 of events

    def _edit_summary(self, client, resource, summary):
        client.force_login(make_user(is_superuser=True))
        address = reverse("admin:knowledge_resource_change", args=[resource.pk])
        form = client.get(address).context["adminform"].form
        formsets = client.get(address).context["inline_admin_formsets"]
        data = dict(fields_of(form))
        for formset in formsets:
            data |= dict(fields_of(formset.formset.management_form))
            for part in formset.formset.forms:
                data |= dict(fields_of(part))
        told = next(name for name in data if name.endswith("-summary") and data[name])
        response = client.post(address, data | {told: summary})
        assert response.status_code == 302, response.context["errors"]
        publish = reverse("admin:knowledge_resource_publish", args=[resource.pk])
        assert client.post(publish).status_code == 302

    def _withdraw(self, client, resource, reason):
        address = reverse("admin:knowledge_resource_withdraw", args=[resource.pk])
        assert client.post(address, {"reason": reason}).status_code == 302

    def _rename_a_topic(self, client):
        from hub.vocabulary.labels import tell_changed

        label = TermLabel.objects.get(term__slug="finance", language="en")
        label.label = "Money"
        label.save()
        tell_changed([label.term])
        run_waiting_jobs()
        assert client.get("/search/?q=money").context["terms"][0].label == "Money"


def fields_of(form):
    """What a browser would send of a form as it is shown."""
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if hasattr(value, "__iter__") and not isinstance(value, str):
            value = [getattr(one, "pk", one) for one in value]
            value = ", ".join(value) if name == "tags" else value
        if value is not None and value is not False and value != []:
            yield form.add_prefix(name), getattr(value, "pk", value)


def _parts_of(model):
    return [
        one
        for one in apps.get_app_config("knowledge").get_models()
        if any(field.name == "resource" for field in one._meta.fields)
    ]
