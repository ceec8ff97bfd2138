"""From a source and its analysis to the whole report, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.analysis import Analysis
from reports.document.actions import actions
from reports.document.annex import annex_section, contradiction
from reports.document.components import section_chapter
from reports.document.dissent import differing_views
from reports.document.documents import documents
from reports.document.holders import holders
from reports.document.method import method
from reports.document.needs import class_marks, need_chapter
from reports.document.outlook import GAPS_ANCHOR, GOALS_ANCHOR, goals_title, outlook
from reports.document.outlook import gaps_title as severe_title
from reports.document.plan import plan_chapter
from reports.document.provenance import provenance, status
from reports.document.reader import Reader
from reports.document.reviewed import review_paragraphs, reviewed_chapter
from reports.document.structure import (
    ContentsEntry,
    Cover,
    Fact,
    Legend,
    NeedChapter,
    ReportDocument,
    ReviewedChapter,
    SectionChapter,
)
from reports.document.summary import summary
from reports.document.wording import (
    clipped,
    country_in_text,
    day,
    day_of,
    level_of,
    moment,
    score_marks,
    state_marks,
)
from reports.sources import ReportSource

POLICY, SDG = "POL-NEEDS", "POL-SDG"

# Characters: of the head of every page, and of a person and institutions on the cover,
# which is one page. Annex E has them whole.
_RUNNING_HEAD, _PERSON, _INSTITUTIONS = 120, 330, 900


def build_document(
    source: ReportSource, analysis: Analysis, *, language: str
) -> ReportDocument:
    """Return the report of `source` in the language that is active, which is `language`."""
    return document_of(Reader.of(source, analysis), language=language)


def document_of(reader: Reader, *, language: str) -> ReportDocument:
    """Return the report of what has been read, for who needs the reading besides it."""
    source = reader.source
    reviewed = reviewed_chapter(reader)
    sections = tuple(
        section_chapter(reader, section, number=f"2.{i}")
        for i, section in enumerate(
            (s for s in source.instrument.sections if s.is_scored), start=1
        )
    )
    needs = _needs(reader, POLICY, "3", "needs")
    recommended = actions(reader, number="6", anchor="actions")
    sdg = _needs(reader, SDG, "4", "sdg")
    return ReportDocument(
        language=language,
        direction="rtl" if reader.is_rtl else "ltr",
        title=_title(source),
        created=_created(source),
        watermark=_("DRAFT") if source.is_draft else "",
        notice=_notice(source),
        running_head=clipped(f"{source.country} – {source.round_title}", _RUNNING_HEAD),
        running_foot=_running_foot(source),
        cover=_cover(reader),
        has_previous=reader.earlier is not None,
        contents=_contents(
            sections, needs, sdg, reviewed, has_views=bool(source.views)
        ),
        reading=_reading(reader),
        legend=_legend(reader),
        summary=summary(reader),
        outlook=outlook(reader),
        sections=sections,
        needs=needs,
        sdg=sdg,
        holders=holders(reader, number="5", anchor="holders"),
        actions=recommended,
        plan=plan_chapter(reader, recommended),
        annex=tuple(
            annex_section(reader, section) for section in source.instrument.sections
        ),
        contradictions=tuple(
            contradiction(reader, found) for found in reader.contradictions
        ),
        method=method(reader),
        provenance=(*provenance(reader), *_cleared(source, is_whole=True)),
        views=differing_views(reader),
        documents=documents(reader),
        reviewed=reviewed,
    )


def _needs(reader: Reader, matrix: str, number: str, anchor: str) -> NeedChapter:
    found = next(g for g in reader.source.instrument.gap_inputs if g.matrix == matrix)
    return need_chapter(reader, found, number=number, anchor=anchor)


def _title(source: ReportSource) -> str:
    return _("Migration data capacity of %(country)s: gap analysis, %(round)s") % {
        "country": country_in_text(source.iso3, source.country),
        "round": source.round_title,
    }


def _created(source: ReportSource) -> str:
    if source.dated_at is None:
        return ""
    return source.dated_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _notice(source: ReportSource) -> str:
    if not source.is_illustrative:
        return ""
    return _("Illustrative: invented answers, not statements of the country")


def _running_foot(source: ReportSource) -> str:
    if source.hash:
        return _("SHA-256 %(hash)s…") % {"hash": source.hash[:16]}
    if source.dated_at is not None:
        return _("Draft of %(moment)s") % {"moment": moment(source.dated_at)}
    return _("Draft without answers")


def _cover(reader: Reader) -> Cover:
    source = reader.source
    dated = day_of(source.dated_at) if source.dated_at else "–"
    facts = [
        Fact(_("Round"), f"{source.round_title} ({source.round_code})"),
        Fact(_("Assessment year"), str(reader.state.assessment_year or source.year)),
        Fact(_("Status"), status(reader)),
        Fact(_("Last change") if source.is_draft else _("Date of the record"), dated),
    ]
    if source.submitted_by:
        facts.append(Fact(_("Submitted by"), source.submitted_by))
    if source.accepted_by:
        facts.append(Fact(_("Accepted by"), source.accepted_by))
    cleared = _cleared(source)
    facts += cleared
    facts.append(
        Fact(
            _("Questionnaire"),
            f"{source.instrument.title}, {source.instrument.version}",
        )
    )
    return Cover(
        title=_("Gap analysis of national migration data capacity"),
        country=source.country,
        region=" – ".join(part for part in (source.region, source.subregion) if part),
        round_title=source.round_title,
        status=status(reader),
        facts=tuple(facts),
        hash=source.hash,
        cleared=tuple(cleared),
    )


def _cleared(source: ReportSource, *, is_whole: bool = False) -> list[Fact]:
    """Return who cleared the answers inside the country, and who concurred.

    As long as the cover can hold, or whole.
    """
    found = source.clearance
    if found is None:
        return []
    head = found.head
    words = _("%(name)s, %(function)s, %(institution)s") % {
        "name": head.name,
        "function": head.function,
        "institution": head.institution,
    }
    names = [signed.institution for signed in found.concurrences]
    # Apart, since a day begins and ends with digits that may run the other way.
    facts = [
        Fact(_("Cleared by"), words if is_whole else clipped(words, _PERSON)),
        Fact(_("Cleared on"), day(head.day)),
    ]
    if names:
        concurred = "; ".join(names) if is_whole else _as_many_as_fit(names)
        facts.append(Fact(_("Concurred"), concurred))
    return facts


def _as_many_as_fit(names: Sequence[str]) -> str:
    """Return the first names that the cover can hold, and how many more there are."""
    shown = [clipped(names[0], _INSTITUTIONS)]
    for name in names[1:]:
        if len("; ".join([*shown, name])) > _INSTITUTIONS:
            break
        shown.append(name)
    more = len(names) - len(shown)
    if not more:
        return "; ".join(shown)
    sentence = ngettext(
        "%(names)s; and %(count)d more, named in annex E",
        "%(names)s; and %(count)d more, named in annex E",
        more,
    )
    return sentence % {"names": "; ".join(shown), "count": more}


def _contents(
    sections: tuple[SectionChapter, ...],
    needs: NeedChapter,
    sdg: NeedChapter,
    reviewed: ReviewedChapter | None,
    *,
    has_views: bool,
) -> tuple[ContentsEntry, ...]:
    last = []
    if has_views:
        last.append(ContentsEntry("annex-views", _("Annex G Differing views"), 1))
    if reviewed is not None:
        last.append(ContentsEntry(reviewed.anchor, reviewed.title, 1))
    return (
        ContentsEntry("summary", _("1 Summary"), 1),
        ContentsEntry(GAPS_ANCHOR, severe_title(), 2),
        ContentsEntry(GOALS_ANCHOR, goals_title(), 2),
        ContentsEntry("sections", _("2 The eight sections"), 1),
        *(ContentsEntry(s.anchor, f"{s.number} {s.title}", 2) for s in sections),
        ContentsEntry(needs.anchor, f"{needs.number} {needs.title}", 1),
        ContentsEntry(sdg.anchor, f"{sdg.number} {sdg.title}", 1),
        ContentsEntry("holders", _("5 Who holds which data"), 1),
        ContentsEntry("actions", _("6 Recommended actions"), 1),
        ContentsEntry("plan", _("7 Action plan"), 1),
        ContentsEntry("annex-actions", _("Annex A Further actions"), 1),
        ContentsEntry("annex-answers", _("Annex B Every answer"), 1),
        ContentsEntry("annex-checks", _("Annex C Answers to check"), 1),
        ContentsEntry("annex-method", _("Annex D Method"), 1),
        ContentsEntry("annex-provenance", _("Annex E How this report was made"), 1),
        ContentsEntry("annex-documents", _("Annex F Documents"), 1),
        *last,
    )


def _reading(reader: Reader) -> tuple[str, ...]:
    paragraphs = (
        _(
            "This report reads the answers that the country gave to the questionnaire. It "
            "shows how well the national statistical system can produce migration "
            "statistics, which needs of policy the data meet, and what to do first."
        ),
        _(
            "Scores run from 0 to 100 and describe capacity. They rest on a self-assessment "
            "and are not made to rank countries."
        ),
        _(
            "Every figure can be traced: labels and codes such as %(example)s lead to the "
            "answers in annex B that caused it, and the method is in annex D."
        )
        % {"example": "SRC-INV"},
    )
    return paragraphs + review_paragraphs(reader)


def _legend(reader: Reader) -> Legend:
    levels = reader.source.instrument.maturity_levels
    return Legend(
        levels=tuple(level_of(level, len(levels)) for level in levels),
        scores=score_marks(),
        states=state_marks(),
        classes=tuple(class_marks(reader).values()),
    )
