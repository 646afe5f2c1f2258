import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from hub.partners.models import Organisation
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.portal.models import Quote
from hub.tests.pages import form_of
from tests.pages import Page, emails, queries_of

pytestmark = pytest.mark.django_db

SOURCE = "https://example.org/said"


def make_quote(person: str = "Ana", **fields) -> Quote:
    return Quote.objects.create(**{"person": person, "words": "She hopes for much.", **fields})


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_about_is_a_page_without_any_content(client):
    response = client.get("/about/")

    page = Page(response.content.decode())
    assert (response.status_code, page.count("h1"), page.count("figure")) == (200, 1, 0)


def test_about_cites_the_two_texts_with_their_sources(client):
    page = Page(client.get("/about/").content.decode())

    hosts = {link["href"].split("/")[2] for link in page.all("a") if "//" in link["href"]}
    assert hosts == {"www.ilo.org", "unfccc.int"}
    assert page.count("q") == 1


def test_about_names_partners_donors_and_project(client):
    make_organisation("Partner", acronym="PA")
    kinds = Organisation.Kind
    make_organisation("Donor", kind=kinds.DONOR, is_partner=False, is_donor=True)
    make_organisation("Project", kind=kinds.PROJECT, is_partner=False)
    make_organisation("Else", kind=kinds.DONOR, is_partner=False)

    response = client.get("/about/")

    shown = response.context
    assert [one.name for one in shown["partners"]] == ["Partner"]
    assert [one.name for one in shown["donors"]] == ["Donor"]
    assert shown["project"].name == "Project"
    data = re.search(r"application/ld\+json\">(.*?)</script>", response.content.decode())
    page, *_, subject = json.loads(data.group(1))["@graph"]
    assert page["@type"] == "AboutPage"
    assert [one["name"] for one in (*subject["member"], *subject["funder"])] == ["Partner", "Donor"]


def test_about_and_every_footer_agree_on_who_pays(client):
    said = "Funded by the German Federal Ministry for Economic Affairs and Climate Action (BMWK)"

    counts = [text_of(client.get(path)).count(said) for path in ("/", "/about/", "/nothing/")]

    assert counts == [1, 2, 1]


def test_a_retold_quote_stands_without_quotation_marks(client):
    make_quote(source_url=SOURCE)

    response = client.get("/about/")

    content = response.content.decode()
    assert ("“She hopes for much.”" in content, "<blockquote" in content) == (False, False)
    assert "Ana She hopes for much. In our words, after example.org" in text_of(response)
    assert f'href="{SOURCE}"' in content


def test_a_quote_word_for_word_stands_in_quotation_marks_with_its_source(client):
    make_quote(words="Espero mucho.", is_verbatim=True, source_url=SOURCE, language="es")

    response = client.get("/about/")

    (block,) = Page(response.content.decode()).all("blockquote")
    assert (block["cite"], block["lang"]) == (SOURCE, "es")
    assert "Ana “Espero mucho.” Word for word from example.org" in text_of(response)


def test_a_quote_word_for_word_needs_a_source():
    quote = Quote(person="Ana", words="I hope.", is_verbatim=True)

    with pytest.raises(ValidationError) as refused:
        quote.full_clean()

    assert refused.value.messages == ["Say where these words stand: give the source."]


def test_quotes_stand_in_the_order_of_their_position(client):
    make_quote("Second", position=2)
    make_quote("First", position=1)

    assert [one.person for one in client.get("/about/").context["quotes"]] == ["First", "Second"]


def test_about_costs_the_same_however_much_it_shows(client):
    found = []
    for number in (1, 9):
        for _ in range(number):
            make_quote(organisation=make_organisation())
        client.get("/resources/")  # reads the vocabulary
        found.append([queries_of(client, "/about/") for _ in range(2)])

    # The version, what is kept, two for the page, one to keep it; then the first two.
    assert found == [[5, 2], [5, 2]]


def test_only_the_secretariat_sets_quotes(client):
    partner = make_organisation()
    quote = make_quote(organisation=partner)
    address = reverse("admin:portal_quote_change", args=[quote.pk])
    client.force_login(make_editor(partner))
    refused = client.get(address).status_code

    client.force_login(make_user(is_secretariat=True))
    form = form_of(client.get(address), "quote_form", words="Something else.")
    client.post(address, form)

    quote.refresh_from_db()
    assert (refused != 200, quote.words) == (True, "Something else.")


def test_deleting_an_organisation_that_is_quoted_is_refused(client):
    partner = make_organisation()
    make_quote(organisation=partner)
    client.force_login(make_user(is_secretariat=True))

    client.post(reverse("admin:partners_organisation_delete", args=[partner.pk]), {"post": "yes"})

    assert Quote.objects.count() == Organisation.objects.filter(pk=partner.pk).count() == 1


def test_about_prints_no_address_of_mail(client):
    assert emails(client.get("/about/").content.decode()) == []
