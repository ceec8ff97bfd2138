"""The synthesis of a region as PDF: which records it reads, and printing it."""

from __future__ import annotations

import hashlib

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessment.models import Response, Round
from reports.compare.board import instrument_of_round
from reports.compare.records import Record, accepted_by, members, rounds_of
from reports.compare.synthesis import build_synthesis, refuse_few
from reports.compare.synthesis_structure import Topic
from reports.content_key import content_key
from reports.pdf import html_to_pdf

TEMPLATE = "reports/pdf/synthesis.html"


def topic_of(round_: Round, region: str) -> Topic:
    """Return what stands accepted in a round from `round_to_follow`. Four queries.

    Raises NotReady if it is fewer than five, before anything is read of them.
    """
    responses = Response.objects.filter(round=round_)
    found = accepted_by(_within(responses, region))
    refuse_few(region or _("All regions"), len(found))
    earlier = _last_round(
        accepted_by(
            _within(Response.objects.filter(round__year__lt=round_.year), region)
        )
    )
    read = members([*found, *earlier])
    return Topic(
        round_code=round_.code,
        round_title=round_.title,
        year=round_.year,
        is_illustrative=round_.is_illustrative,
        region=region,
        instrument=instrument_of_round(round_),
        found=read[: len(found)],
        earlier=read[len(found) :],
    )


def _within(responses: QuerySet[Response], region: str) -> QuerySet[Response]:
    return responses.filter(country__region=region) if region else responses


def _last_round(records: list[Record]) -> list[Record]:
    rounds = list(rounds_of(records).values())
    return rounds[-1] if rounds else []


def synthesis_html(topic: Topic, *, language: str) -> str:
    """Return the HTML from which the PDF is made, in the language that is active."""
    synthesis = build_synthesis(topic, language=language)
    return render_to_string(TEMPLATE, {"report": synthesis})


def synthesis_key(topic: Topic, *, language: str) -> str:
    """Return what tells one synthesis from another: its records, and all that is printed."""
    html = synthesis_html(topic, language=language)
    return content_key(("synthesis", topic.hashes, html), language)


def render_synthesis(topic: Topic, *, language: str) -> bytes:
    """Return the synthesis as tagged PDF. Raises NotReady and RenderingFailed."""
    html = synthesis_html(topic, language=language)
    named = "\n".join((*topic.hashes, language, html))
    return html_to_pdf(html, identifier=hashlib.sha256(named.encode()).digest())
