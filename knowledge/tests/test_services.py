from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from hub.catalogue.models import Record
from knowledge import services
from knowledge.models import Edition, Resource
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as refused:
        act(*args, **kwargs)
    return " ".join(refused.value.messages)


def test_publish_makes_a_draft_public_now():
    resource = services.publish(make_draft().pk)

    assert list(Resource.objects.public()) == [resource]
    assert Record.objects.public().count() == 1


def test_publish_later_keeps_it_from_everybody_until_then():
    moment = timezone.now() + timedelta(hours=1)
    resource = services.publish(make_draft().pk, at=moment)

    assert (Resource.objects.public().count(), Record.objects.public().count()) == (0, 0)
    assert resource.is_public is False


def test_publish_sooner_while_its_moment_is_to_come():
    resource = make_resource(at=timezone.now() + timedelta(hours=1))

    services.publish(resource.pk)

    assert Resource.objects.public().count() == 1


def test_publish_refuses_what_has_no_original_edition():
    draft = make_draft()
    Edition.objects.all().delete()

    assert refusal(services.publish, draft.pk) == ("Add the original edition with its title first.")


def test_publish_refuses_what_is_public():
    assert refusal(services.publish, make_resource().pk) == "It is public already."


def test_withdraw_keeps_the_reason_and_the_replacement():
    better = make_resource()
    resource = services.withdraw(make_resource().pk, reason=" Outdated ", replaced_by=better)

    assert (resource.reason, resource.replaced_by) == ("Outdated", better)
    assert list(Resource.objects.withdrawn()) == [resource]
    assert list(Resource.objects.public()) == [better]


def test_withdraw_before_its_moment_leaves_no_trace():
    resource = make_resource(at=timezone.now() + timedelta(hours=1))

    services.withdraw(resource.pk, reason="Too early")

    assert (Resource.objects.withdrawn().count(), Record.objects.count()) == (0, 0)


def test_withdraw_refuses_without_reason_for_drafts_and_for_bad_replacements():
    resource, draft = make_resource(), make_draft()

    refusals = [
        refusal(services.withdraw, resource.pk, reason=" "),
        refusal(services.withdraw, draft.pk, reason="Wrong"),
        refusal(services.withdraw, resource.pk, reason="Wrong", replaced_by=resource),
        refusal(services.withdraw, resource.pk, reason="Wrong", replaced_by=draft),
    ]

    assert refusals == [
        "Say why: readers will see it.",
        "Only what is published can be withdrawn.",
        "Choose another resource that is public.",
        "Choose another resource that is public.",
    ]


def test_restore_makes_a_draft_that_can_be_published_again():
    resource = services.withdraw(make_resource().pk, reason="Wrong")

    restored = services.restore(resource.pk)
    assert (restored.status, Record.objects.public().count()) == ("draft", 0)
    assert list(Resource.objects.withdrawn()) == [restored]

    published = services.publish(resource.pk)
    assert (published.is_public, published.reason, published.unpublished_at) == (True, "", None)
    assert Record.objects.public().count() == 1


def test_replacement_is_the_first_of_the_chain_that_is_public():
    first, second, third = make_resource(), make_resource(), make_resource()
    services.withdraw(first.pk, reason="Old", replaced_by=second)
    services.withdraw(second.pk, reason="Old", replaced_by=third)

    assert Resource.objects.get(pk=first.pk).replacement() == third

    services.withdraw(third.pk, reason="Old")
    Resource.objects.filter(pk=third.pk).update(replaced_by=first)
    assert Resource.objects.get(pk=first.pk).replacement() is None


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "published"},
        {"status": "withdrawn", "unpublished_at": timezone.now(), "reason": ""},
        {"status": "withdrawn", "reason": "Wrong"},
        {"status": "draft", "reason": "Wrong"},
        {"published_precision": "day"},
        {"languages": []},
    ],
)
def test_resource_cannot_be_in_a_state_that_makes_no_sense(fields):
    draft = make_draft()

    with pytest.raises(IntegrityError):
        Resource.objects.filter(pk=draft.pk).update(**fields)


def test_edition_has_one_original_with_a_title():
    draft = make_draft()

    with pytest.raises(ValidationError) as second:
        Edition(resource=draft, language="es", title="Otro", is_original=True).full_clean()
    with pytest.raises(ValidationError) as untitled:
        Edition(resource=make_draft(), language="es", is_original=True).full_clean()

    assert second.value.messages == ["Only one edition can be the original."]
    assert "The original needs the title of the work." in untitled.value.messages
