"""Reviewed values in the report: both overall scores, and the list of what was changed."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.reviewed import Reviewed
from questionnaire.addresses import Address
from reports.analysis import Analysis
from reports.analysis.results import GroupScore, Overall
from reports.document.reader import Reader
from reports.document.structure import Ref, ReviewedChapter, ReviewedRow, ScorePair
from reports.document.wording import clipped, day_of, figure

ANCHOR = "annex-reviewed"
# In annex B, among other answers; the annex of reviewed values has the whole reason.
_REASON_LENGTH = 300


def annex_letter(reader: Reader) -> str:
    """Return the letter of the annex: it comes after that of differing views."""
    return "H" if reader.source.views else "G"


def reviewed_chapter(reader: Reader) -> ReviewedChapter | None:
    """Return the annex; None where nothing was reviewed."""
    if reader.self_assessed is None:
        return None
    return ReviewedChapter(
        anchor=ANCHOR,
        title=_("Annex %(letter)s Reviewed values") % {"letter": annex_letter(reader)},
        intro=_(
            "The reviewer set these values in place of the country's answers, each with a "
            "reason. All figures of this report are computed with them. The country's own "
            "answers stay on record as they were submitted."
        ),
        scores=_scores(reader.analysis, reader.self_assessed),
        rows=tuple(_row(reader, one) for one in reader.source.reviewed),
    )


def review_note(reader: Reader) -> Ref | None:
    """Return both overall scores in a sentence, with the way to the list of changes."""
    own = reader.self_assessed
    if own is None:
        return None
    text = _("Reviewed score: %(reviewed)s; self-assessed score: %(own)s.") % {
        "reviewed": _overall(reader, reader.analysis.overall, own.overall),
        "own": _overall(reader, own.overall, reader.analysis.overall),
    }
    count = len(reader.source.reviewed)
    changed = ngettext(
        "%(count)d answer was replaced in review: annex %(letter)s.",
        "%(count)d answers were replaced in review: annex %(letter)s.",
        count,
    ) % {"count": count, "letter": annex_letter(reader)}
    return Ref(ANCHOR, "", f"{text} {changed}")


def review_paragraphs(reader: Reader) -> tuple[str, ...]:
    """Return how a report with reviewed values is to be read; nothing without any."""
    if not reader.source.reviewed:
        return ()
    return (
        _(
            "Some answers were reviewed: all figures are computed with the reviewed values. "
            "Annex B shows them beside the country's answers, and annex %(letter)s lists "
            "them with what they change."
        )
        % {"letter": annex_letter(reader)},
    )


def reviewed_in_words(reader: Reader, address: Address) -> str:
    """Return what annex B says of a reviewed answer; empty for any other."""
    one = reader.reviewed.get(address)
    if one is None:
        return ""
    return _("Country: %(answer)s; reviewed: %(value)s. Reason: %(reason)s") % {
        "answer": reader.value_or_blank(address, one.answer),
        "value": reader.value_or_blank(address, one.value),
        "reason": clipped(one.reason, _REASON_LENGTH),
    }


def _row(reader: Reader, one: Reviewed) -> ReviewedRow:
    question = reader.source.instrument.question_by_code[one.address.question]
    row = "" if question.is_group else one.address.row
    return ReviewedRow(
        ref=Ref(
            reader.anchor(Address(question.code, row)),
            question.code,
            reader.label(one.address),
        ),
        own=reader.value_or_blank(one.address, one.answer),
        value=reader.value_or_blank(one.address, one.value),
        reason=one.reason,
        who=one.by,
        set_on=day_of(one.at),
    )


# Scores


def _overall(reader: Reader, overall: Overall, other: Overall) -> str:
    """Return an overall score, with its level where the other one has another level."""
    score = figure(overall.score.final)
    is_published = overall.is_publishable and overall.level is not None
    if not is_published or overall.level is None or overall.level == other.level:
        return score
    return _("%(score)s (level %(number)d, %(name)s)") % {
        "score": score,
        "number": overall.level.level,
        "name": overall.level.name,
    }


def _scores(now: Analysis, own: Analysis) -> tuple[ScorePair, ...]:
    """Return the overall score, and the sections of which the printed score differs."""
    pairs = [
        ScorePair(
            _("Overall"),
            figure(own.overall.score.final),
            figure(now.overall.score.final),
        )
    ]
    for code, group in now.sections.items():
        pair = ScorePair(group.title, _printed(own.sections[code]), _printed(group))
        if pair.own != pair.reviewed:
            pairs.append(pair)
    return tuple(pairs)


def _printed(group: GroupScore) -> str:
    if not group.is_publishable:
        return _("insufficient information")
    return figure(group.score.final)
