"""The instrument of a version and language, read once per process.

Several processes agree because the key comes with the query that loads the response:
content hash, language, and the moment of the newest translation.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from questionnaire.building import build_instrument
from questionnaire.content import content_hash, content_of
from questionnaire.instrument import Instrument
from questionnaire.models import Publication, Questionnaire, Translation

KEPT = 24


class InstrumentKey(NamedTuple):
    """What tells two instruments apart; `stamp` is None where nothing is translated."""

    content_hash: str
    language: str
    stamp: datetime | None


_instruments: OrderedDict[InstrumentKey, Instrument] = OrderedDict()


def instrument_for(questionnaire_id: int, key: InstrumentKey) -> Instrument:
    """Return the instrument of a published version. No query once it is in memory."""
    found = _instruments.get(key)
    if found is None:
        questionnaire = Questionnaire.objects.get(pk=questionnaire_id)
        found = read_instrument(questionnaire, key.language, key.content_hash)
        _instruments[key] = found
        while len(_instruments) > KEPT:
            _instruments.popitem(last=False)
    return found


def read_instrument(
    questionnaire: Questionnaire, language: str = "en", known_hash: str = ""
) -> Instrument:
    """Read a version from the database, published or not. Five queries."""
    content = content_of(questionnaire)
    texts = dict(
        Translation.objects.filter(
            questionnaire=questionnaire, language=language
        ).values_list("address", "text")
    )
    return build_instrument(
        content,
        content_hash=known_hash or content_hash(content),
        language=language,
        texts=texts,
    )


@transaction.atomic
def publish(questionnaire: Questionnaire) -> Publication:
    """Freeze a version; done when its first round opens. Idempotent."""
    publication = Publication.objects.filter(questionnaire=questionnaire).first()
    if publication is None:
        publication = Publication.objects.create(
            questionnaire=questionnaire,
            content_hash=content_hash(content_of(questionnaire)),
        )
    return publication
