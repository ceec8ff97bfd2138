"""Scores of sections and dimensions as lines of the profile, and what changed in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import charts
from reports.analysis import Analysis
from reports.analysis.results import GroupScore
from reports.document.reader import Reader
from reports.document.structure import Changes, Chart, Mark, ScoreLine
from reports.document.wording import figure, listed, mark_of_change, signed


def section_line(reader: Reader, code: str) -> ScoreLine:
    earlier = reader.earlier.sections.get(code) if reader.earlier else None
    anchor = section_anchor(code)
    return _line(
        reader, reader.analysis.sections[code], earlier, anchor, has_level=True
    )


def dimension_line(reader: Reader, code: str) -> ScoreLine:
    """Return the line of a dimension; its level is printed only with the overall level."""
    earlier = reader.earlier.dimensions.get(code) if reader.earlier else None
    has_level = reader.analysis.overall.is_publishable
    anchor = dimension_anchor(code)
    return _line(
        reader, reader.analysis.dimensions[code], earlier, anchor, has_level=has_level
    )


def section_anchor(code: str) -> str:
    return f"section-{code}"


def dimension_anchor(code: str) -> str:
    return f"dimension-{code}"


def axis(reader: Reader) -> Chart:
    limits = reader.level_limits
    alt = _("Scale from %(start)s to %(end)s; the levels begin at %(limits)s.") % {
        "start": figure(limits[0], 0),
        "end": figure(limits[-1], 0),
        "limits": listed([figure(limit, 0) for limit in limits[:-1]]),
    }
    return Chart(charts.axis(limits, is_mirrored=reader.is_rtl), alt)


def _line(
    reader: Reader,
    group: GroupScore,
    earlier: GroupScore | None,
    anchor: str,
    *,
    has_level: bool,
) -> ScoreLine:
    is_published = group.is_publishable and group.score.final is not None
    score = group.score.final if is_published else None
    previous = earlier.score.final if earlier and earlier.is_publishable else None
    text = figure(score)
    if not group.is_publishable:
        text = _("insufficient information")
    change = None
    if score is not None and previous is not None:
        change = mark_of_change(score - previous)
    level = reader.level(group.level) if is_published and has_level else None
    return ScoreLine(
        code=group.code,
        title=group.title,
        anchor=anchor,
        score=text,
        is_published=is_published,
        level=level,
        chart=_bar(reader, group, text, score, previous),
        change=change,
    )


def _bar(
    reader: Reader,
    group: GroupScore,
    text: str,
    score: float | None,
    previous: float | None,
) -> Chart:
    svg = charts.profile_bar(
        score,
        upper=group.score.upper,
        previous=previous,
        limits=reader.level_limits,
        is_mirrored=reader.is_rtl,
    )
    return Chart(svg, _("%(title)s: %(score)s") % {"title": group.title, "score": text})


# Changes since the previous round


def changes(reader: Reader) -> Changes:
    previous = reader.source.previous
    if previous is None or reader.earlier is None:
        return Changes(_("There is no earlier accepted round to compare with."))
    sentences = [_overall_change(reader, reader.earlier)]
    sentences += _section_changes(reader, reader.earlier)
    sentences += _gap_changes(reader, reader.earlier)
    if previous.instrument.content_hash != reader.source.instrument.content_hash:
        sentences.append(
            _(
                "The questionnaire has changed since then: a part of the difference may come "
                "from changed questions."
            )
        )
    intro = _("Compared with the previous round, %(title)s (%(year)s).") % {
        "title": previous.title,
        "year": previous.year,
    }
    return Changes(intro, tuple(sentence for sentence in sentences if sentence))


def _overall_change(reader: Reader, earlier: Analysis) -> str:
    now, before = reader.analysis.overall, earlier.overall
    if not (now.is_publishable and before.is_publishable):
        return _(
            "The overall scores are not compared: one of the two rests on too few answers."
        )
    if now.score.final is None or before.score.final is None:
        return ""
    return _("Overall score: %(before)s then, %(now)s now (%(change)s).") % {
        "before": figure(before.score.final),
        "now": figure(now.score.final),
        "change": signed(now.score.final - before.score.final),
    }


def _section_changes(reader: Reader, earlier: Analysis) -> list[str]:
    moved = _moves(reader.analysis.sections, earlier.sections)
    risen = [move for move in moved if move[0].kind == "better"]
    fallen = [move for move in moved if move[0].kind == "worse"]
    sentences = []
    if risen:
        sentences.append(
            _("Higher: %(sections)s.") % {"sections": _moves_listed(risen)}
        )
    if fallen:
        sentences.append(
            _("Lower: %(sections)s.")
            % {"sections": _moves_listed(list(reversed(fallen)))}
        )
    if moved and not risen and not fallen:
        sentences.append(_("No section has changed."))
    return sentences


def _moves(
    now: Mapping[str, GroupScore], before: Mapping[str, GroupScore]
) -> list[tuple[Mark, str]]:
    """Return the change of every section that can be compared, the largest rise first."""
    found = []
    for code, group in now.items():
        earlier = before.get(code)
        if earlier is None or not (group.is_publishable and earlier.is_publishable):
            continue
        if group.score.final is None or earlier.score.final is None:
            continue
        found.append((group.score.final - earlier.score.final, group.title))
    found.sort(key=lambda pair: -round(pair[0], 6))
    return [(mark_of_change(change), title) for change, title in found]


def _moves_listed(moves: Iterable[tuple[Mark, str]]) -> str:
    return listed([f"{title} ({mark.label})" for mark, title in moves])


def _gap_changes(reader: Reader, earlier: Analysis) -> list[str]:
    order = {c.code: c.order for c in reader.source.instrument.gap_rules.classes}
    assessed = {"critical", "major", "moderate", "minor", "met"}
    better = worse = 0
    for code, gap in reader.analysis.gaps.items():
        before = earlier.gaps.get(code)
        if before is None or not {gap.gap_class, before.gap_class} <= assessed:
            continue
        better += order[gap.gap_class] > order[before.gap_class]
        worse += order[gap.gap_class] < order[before.gap_class]
    if not better and not worse:
        return [_("The class of no need has changed.")]
    first = ngettext(
        "%(count)d need is met better than before",
        "%(count)d needs are met better than before",
        better,
    ) % {"count": better}
    second = ngettext("%(count)d less well.", "%(count)d less well.", worse) % {
        "count": worse
    }
    return [_("%(better)s, %(worse)s") % {"better": first, "worse": second}]
