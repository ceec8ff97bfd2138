"""Where a comment stands, in words and as a link: a section, a question, a row, a cell."""

from __future__ import annotations

from django.urls import reverse

from assessment.comment_queries import Place
from assessment.hub import name_of
from assessment.models import CommentThread, InternalNote, Response
from questionnaire.addresses import RESERVED_COLUMNS, Address
from questionnaire.instrument import Instrument


def place_of(instrument: Instrument, placed: CommentThread | InternalNote) -> Place:
    """Return the place of a thread or a note; its codes are of the pinned version."""
    return Place(instrument.section_by_code[placed.section], placed.address)


def place_name(instrument: Instrument, place: Place) -> str:
    """Return the name of a place for people."""
    if not place.address.question:
        return place.section.title
    return name_of(instrument, place.address)


def place_anchor(instrument: Instrument, place: Place) -> str:
    """Return the id of the place on the page of its section.

    Of a whole row it is the row's first cell.
    """
    question, row, column = place.address
    if not question:
        return f"comments-{place.section.code}-box"
    if not row:
        return f"q-{question}"
    if not column or column in RESERVED_COLUMNS:
        column = instrument.question_by_code[question].columns[0].code
    return f"c-{Address(question, row, column)}"


def place_url(response: Response, instrument: Instrument, place: Place) -> str:
    """Return the address of the place on the page of its section."""
    section = reverse(
        "assessment:section_detail",
        args=[response.country.iso3, response.round.code, place.section.code.lower()],
    )
    return f"{section}#{place_anchor(instrument, place)}"


def within_page(place: Place) -> Place:
    """Return the place of which a page shows everything at once: a section or a question."""
    return Place(place.section, Address(place.address.question))


def comments_url(response: Response, place: Place) -> str:
    """Return the page with everything said of a section or a question."""
    return comments_within(all_comments_url(response), place)


def all_comments_url(response: Response) -> str:
    return reverse(
        "assessment:comment_list", args=[response.country.iso3, response.round.code]
    )


def comments_within(page: str, place: Place) -> str:
    """Return the same as `comments_url`, from the address of the page with all of them."""
    return f"{page}?at={within_page(place)}"
