"""What was said at an event, in words: in pieces to be read, and found in the search."""

from itertools import count

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from events.models import Event
from hub.catalogue import services
from hub.catalogue.sources import PassageDraft

# About a page: what the search shows as one hit.
STRETCH = 1500


def stretches(transcript: str) -> list[str]:
    """A transcript in pieces of about a page, which end where paragraphs do."""
    pieces: list[str] = []
    for paragraph in filter(None, map(str.strip, transcript.split("\n\n"))):
        if pieces and len(pieces[-1]) + len(paragraph) < STRETCH:
            pieces[-1] += f"\n\n{paragraph}"
        else:
            pieces.append(paragraph)
    return pieces


def put(event: Event) -> None:
    """Have the catalogue know what was said, as far as everybody may read it; once the record of the
    event is there."""
    for material in event.materials.select_related("session", "resource"):
        if not material.passages:
            continue
        with translation.override(settings.LANGUAGE_CODE):
            url = reverse("events:event_transcript", args=[event.slug, material.pk])
        passages = (
            PassageDraft(position, text, f"{url}#part-{position}")
            for position, text in zip(count(1), stretches(material.transcript), strict=False)
        )
        language = material.language or event.language
        services.put_passages(event, material.passages, language, passages)
