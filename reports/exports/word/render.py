"""From a source to the bytes of a Word document, chapter by chapter."""

from __future__ import annotations

import io
from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _

from reports.analysis import analyse
from reports.document import build_document
from reports.document.structure import ReportDocument
from reports.exports.packing import repacked
from reports.exports.word import (
    actions,
    annexes,
    front,
    holders,
    needs,
    sections,
)
from reports.exports.word.body import Body
from reports.exports.word.frame import assemble, empty_document, write_contents
from reports.exports.word.method import method
from reports.exports.word.outlook import outlook
from reports.exports.word.plan import plan
from reports.sources import ReportSource

Chapter = Callable[[Body, ReportDocument], None]

# In the order of the PDF. A chapter that a report does not have writes nothing.
CHAPTERS: tuple[Chapter, ...] = (
    front.reading,
    front.summary,
    outlook,
    sections.sections,
    needs.policy_needs,
    needs.sdg_needs,
    holders.holders,
    actions.actions,
    plan,
    annexes.further_actions,
    annexes.answers,
    annexes.checks,
    method,
    annexes.provenance,
    annexes.documents,
    annexes.views,
    annexes.reviewed,
)


def render_docx(source: ReportSource, *, language: str = "en") -> bytes:
    """Return the report of `source` as a Word document; the same source, the same bytes."""
    analysis = analyse(source.instrument, source.answers)
    with translation.override(language):
        return docx_of(build_document(source, analysis, language=language))


def docx_of(report: ReportDocument) -> bytes:
    """Return `report` as a Word document, in the language that is active."""
    document = empty_document(report)
    body = Body(document, is_rtl=report.direction == "rtl")
    front.cover(body, report)
    body.paragraph(body.text(_("Contents")), "TOCHeading")
    contents_at = len(body.parts)
    for chapter in CHAPTERS:
        chapter(body, report)
    write_contents(body, contents_at)
    assemble(body)
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue(), created=report.created)
