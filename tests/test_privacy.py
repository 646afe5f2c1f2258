"""Whatever says something of a person is in the register, with a purpose and an end."""

import re

import pytest
from django.apps import apps
from django.db import models

from hub import privacy
from hub.partners.holdings import holdings
from hub.partners.models import Person, User

REGISTERED = [column for kept in privacy.REGISTER for column in kept.columns]
BESIDE = [column for kept in privacy.REGISTER for column in kept.beside]
# What a column that is about somebody is often called; seats "in person" are of nobody.
TELLING = re.compile(
    r"(^|_)(e?mail|phone|ip|(?<!in_)person|people|author|user|account|birth|sender)(_|$)"
)


def all_models() -> list[type[models.Model]]:
    """Those with tables of their own, but for those of events, which copy the columns of others."""
    found = apps.get_models(include_auto_created=True)
    return [
        model
        for model in found
        if not (model._meta.proxy or hasattr(model, "pgh_tracked_model") or _is_a_view(model))
    ]


def _is_a_view(model: type[models.Model]) -> bool:
    return model._meta.label in {"pghistory.Events", "pghistory.MiddlewareEvents"}


def columns_of(model: type[models.Model]) -> list[models.Field]:
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key or field.name != "id"
    ]


@pytest.mark.parametrize("model", all_models(), ids=lambda model: model._meta.label)
def test_every_column_is_registered_or_says_nothing_of_anybody(model):
    label = model._meta.label
    known = {name for name in REGISTERED + BESIDE if name.startswith(f"{label}.")}
    columns = {f"{label}.{field.name}" for field in columns_of(model)}

    if label in privacy.NOTHING_PERSONAL:
        assert not known, "is said to be personal and not to be"
        assert not [name for name in columns if is_telling(model, name.rpartition(".")[2])]
    else:
        assert columns - known == set() or label == "catalogue.Record"


def is_telling(model: type[models.Model], name: str) -> bool:
    field = model._meta.get_field(name)
    leads_to = field.related_model if field.is_relation else None
    is_link = leads_to in (User, Person) and not model._meta.auto_created
    is_address = isinstance(field, models.EmailField | models.GenericIPAddressField)
    return is_link or is_address or (bool(TELLING.search(name)) and not model._meta.auto_created)


def test_the_register_names_what_there_is_and_each_once():
    named = REGISTERED + BESIDE
    there_is = {
        f"{model._meta.label}.{field.name}" for model in all_models() for field in columns_of(model)
    }

    assert set(named) - there_is == set()
    assert len(named) == len(set(named))
    assert {model._meta.label for model in all_models()} >= privacy.NOTHING_PERSONAL


def test_every_purpose_is_told_whole():
    for kept in privacy.REGISTER:
        assert all(map(str, (kept.what, kept.purpose, kept.basis, kept.until)))
        assert kept.columns


def test_what_is_kept_about_accounts_can_be_taken_along_and_erased():
    """Each table that leads to a person by account or address is a holding, or goes with one."""
    held = {holding.model._meta.label for holding in holdings}
    about = {
        column.rpartition(".")[0]
        for column in REGISTERED
        if re.search(r"\.(user|account|email|to|reply_to|tells_of)$", column)
    }

    assert about - held == set()
