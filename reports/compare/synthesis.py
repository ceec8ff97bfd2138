"""The synthesis of a region: what accepted responses have in common, ready to print.

It is meant to be handed out: of at least five countries, with quartiles and counts and no
figure of a country. It depends on records only, whose hashes it lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from itertools import groupby

from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from assessment.refusals import NotReady
from questionnaire.instrument import Instrument
from reports import charts
from reports.compare.figures import method
from reports.compare.over_time import (
    SameCountries,
    Wave,
    every_axis,
    same_countries,
    waves_of,
)
from reports.compare.scores import (
    Axis,
    SpreadLine,
    level_marks,
    limits_of,
    spread_line,
)
from reports.compare.statistics import LEAST, spread
from reports.compare.synthesis_structure import (
    LevelCount,
    RecordLine,
    ScoreBlock,
    Synthesis,
    Topic,
)
from reports.compare.synthesis_words import summary_of
from reports.compare.tallies import (
    action_tallies,
    gap_classes,
    need_tallies,
    source_tallies,
)
from reports.document.build import POLICY, SDG
from reports.document.structure import (
    Chart,
    ContentsEntry,
    Cover,
    Fact,
    LabelledRow,
    Mark,
)
from reports.document.wording import day_of, figure, listed

ACTIONS_SHOWN = 20


def refuse_few(name: str, count: int) -> None:
    """Raise NotReady below five countries: what is handed out shows no smaller group."""
    if count >= LEAST:
        return
    message = ngettext(
        "A synthesis is made of at least %(least)d accepted responses, so that no "
        "country can be recognised. %(name)s has %(count)d.",
        "A synthesis is made of at least %(least)d accepted responses, so that no "
        "country can be recognised. %(name)s has %(count)d.",
        count,
    )
    raise NotReady(message % {"least": LEAST, "name": name, "count": count})


def build_synthesis(topic: Topic, *, language: str) -> Synthesis:
    """Return the synthesis in the language that is active, which is `language`.

    Raises NotReady if fewer than five responses are accepted.
    """
    refuse_few(topic.name, len(topic.found))
    instrument, is_rtl = topic.instrument, get_language_bidi()
    counts = _level_counts(topic)
    scores = tuple(_score_blocks(topic, is_rtl))
    policy = tuple(need_tallies(instrument, POLICY, topic.figures, is_mirrored=is_rtl))
    actions = action_tallies(instrument, topic.figures)
    intro, same = _changes(topic)
    return Synthesis(
        language=language,
        direction="rtl" if is_rtl else "ltr",
        title=_title(topic),
        created=topic.dated_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        notice=_("Illustrative: invented answers, not statements of countries")
        if topic.is_illustrative
        else "",
        running_head=f"{topic.name} – {topic.round_title}",
        running_foot=_("Records up to %(day)s") % {"day": day_of(topic.dated_at)},
        cover=_cover(topic),
        contents=_contents(),
        reading=_reading(),
        levels=level_marks(instrument),
        countries=_countries(topic),
        summary=summary_of(topic, scores, policy, actions),
        level_counts=counts,
        level_strip=_level_strip(counts, is_rtl),
        axis=_axis(instrument, is_rtl),
        scores=scores,
        classes=gap_classes(instrument),
        policy=policy,
        sdg=tuple(need_tallies(instrument, SDG, topic.figures, is_mirrored=is_rtl)),
        actions=tuple(actions[:ACTIONS_SHOWN]),
        actions_left=max(0, len(actions) - ACTIONS_SHOWN),
        sources=tuple(source_tallies(instrument, topic.figures)),
        changes_intro=intro,
        same=same,
        method=_method(topic),
        records=_records(topic),
    )


def _title(topic: Topic) -> str:
    if not topic.region:
        words = _("Migration data capacity in all regions: synthesis, %(round)s")
        return words % {"round": topic.round_title}
    return _("Migration data capacity in %(region)s: synthesis, %(round)s") % {
        "region": topic.name,
        "round": topic.round_title,
    }


def _cover(topic: Topic) -> Cover:
    count = len(topic.found)
    words = ngettext("%(count)d country", "%(count)d countries", count)
    asked = topic.instrument
    return Cover(
        title=_("Regional synthesis of national migration data capacity"),
        country=topic.name,
        region="",
        round_title=topic.round_title,
        status=_("Accepted"),
        facts=(
            Fact(_("Round"), f"{topic.round_title} ({topic.round_code})"),
            Fact(_("Assessment year"), str(topic.year)),
            Fact(_("Accepted responses"), words % {"count": count}),
            Fact(_("Latest record"), day_of(topic.dated_at)),
            Fact(_("Questionnaire"), f"{asked.title}, {asked.version}"),
        ),
        hash="",
    )


def _contents() -> tuple[ContentsEntry, ...]:
    titles = (
        ("summary", _("1 Summary")),
        ("scores", _("2 Scores by dimension and section")),
        ("policy", _("3 Policy needs that are most often a gap")),
        ("sdg", _("4 SDG indicators that are most often a gap")),
        ("actions", _("5 Actions that are most often recommended")),
        ("sources", _("6 Data sources")),
        ("changes", _("7 Changes since the last round")),
        ("method", _("Annex A Method")),
        ("records", _("Annex B Records")),
    )
    return tuple(ContentsEntry(anchor, title, 1) for anchor, title in titles)


def _reading() -> tuple[str, ...]:
    return (
        _(
            "This synthesis reads the accepted responses of several countries together. It "
            "says what they have in common and where support would help many of them. It "
            "shows no figure of a single country and ranks none."
        ),
        _(
            "Scores run from 0 to 100 and describe capacity by self-assessment. The median "
            "is the score in the middle: half of the countries lie below it, half above. "
            "Half of the countries lie between the two quartiles."
        ),
        _(
            "A figure that rests on fewer than %(least)d countries is left out and shown as "
            "a dash."
        )
        % {"least": LEAST},
    )


def _countries(topic: Topic) -> tuple[LabelledRow, ...]:
    """Return the countries that contributed, by sub-region."""
    found = sorted(
        (member.record for member in topic.found),
        key=lambda record: (record.region, record.subregion, record.country),
    )
    groups = groupby(found, lambda record: record.subregion or record.region)
    return tuple(
        LabelledRow(name, (listed([record.country for record in group]),))
        for name, group in groups
    )


# Scores


def _score_blocks(topic: Topic, is_rtl: bool) -> list[ScoreBlock]:
    return [
        ScoreBlock(
            group.title, tuple(_line(topic, axis, is_rtl) for axis in group.axes)
        )
        for group in every_axis(topic.instrument)
    ]


def _line(topic: Topic, axis: Axis, is_rtl: bool) -> SpreadLine:
    """Return the line of an axis, empty where fewer than five have a score."""
    values = [axis.score(figures) for figures in topic.figures]
    found = spread(values)
    if found is not None and found.is_small:
        values = []
    limits = limits_of(topic.instrument)
    return spread_line(axis.title, values, limits, is_mirrored=is_rtl, has_ends=False)


def _axis(instrument: Instrument, is_rtl: bool) -> Chart:
    limits = limits_of(instrument)
    alt = _("Scale from %(start)s to %(end)s; the levels begin at %(limits)s.") % {
        "start": figure(limits[0], 0),
        "end": figure(limits[-1], 0),
        "limits": listed([figure(limit, 0) for limit in limits[:-1]]),
    }
    return Chart(charts.axis(limits, is_mirrored=is_rtl), alt)


_LEVEL_COLOURS = ("#e3ebf3", "#c3d9ec", "#8fb3d4", "#2f74ad", "#0b3d6b")


def _level_counts(topic: Topic) -> tuple[LevelCount, ...]:
    reached = [figures.level for figures in topic.figures]
    marks = level_marks(topic.instrument)
    counts = [LevelCount(mark, reached.count(int(mark.kind))) for mark in marks]
    unknown = Mark("–", _("insufficient information"), "none")
    return (*counts, LevelCount(unknown, reached.count(None)))


def _level_strip(counts: Sequence[LevelCount], is_rtl: bool) -> Chart:
    drawn = [
        (one.count, colour)
        for one, colour in zip(counts, (*_LEVEL_COLOURS, "#ffffff"), strict=False)
    ]
    words = "; ".join(f"{one.mark.label} {one.count}" for one in counts if one.count)
    return Chart(charts.strip(drawn, is_mirrored=is_rtl), words)


# Changes


def _changes(topic: Topic) -> tuple[str, SameCountries | None]:
    """Return a sentence, and the changes if five countries were accepted in both rounds."""
    if not topic.earlier:
        return _("No response of an earlier round was accepted."), None
    waves = waves_of(topic.instrument, [*topic.earlier, *topic.found])
    pairs = same_countries(topic.instrument, waves, LEAST)
    if not pairs or len(pairs[0].countries) < LEAST:
        words = _(
            "Fewer than %(least)d of the countries were accepted in the round before, "
            "%(round)s, so that nothing is compared."
        )
        return words % {"least": LEAST, "round": waves[0].round_title}, None
    pair = pairs[0]
    return _intro(pair, waves), pair


def _intro(pair: SameCountries, waves: Sequence[Wave]) -> str:
    count = len(pair.countries)
    sentence = ngettext(
        "%(count)d country was accepted in both rounds, %(before)s and %(now)s.",
        "%(count)d countries were accepted in both rounds, %(before)s and %(now)s; only "
        "these are compared: %(names)s.",
        count,
    ) % {
        "count": count,
        "before": pair.before.round_title,
        "now": pair.now.round_title,
        "names": pair.names,
    }
    if waves[0].version == waves[-1].version:
        return sentence
    changed = _(
        "The questionnaire has changed since then: what the earlier version did not ask is "
        "left out."
    )
    return f"{sentence} {changed}"


# Annexes


def _method(topic: Topic) -> tuple[str, ...]:
    return (
        _(
            "Each response was analysed by the method of its own report; values that were "
            "reviewed stand in place of the answers they replace. A section with too few "
            "answers, and the overall score of a response with too few, are left out."
        ),
        _(
            "Median and quartiles are those of the countries listed, each counted once, "
            "without weights. Between two scores the quartiles are interpolated linearly."
        ),
        _(
            "A need is a gap if data do not meet it, be it a critical, major, moderate or "
            "minor one. Countries in which a need could not be assessed are not in the share."
        ),
        _(
            "Changes compare the same countries in two rounds: the median then, the median "
            "now, and the median of the changes, which need not be their difference."
        ),
        _(
            "This document depends on the records in annex B alone: the same records give "
            "the same document. Digest of the method: %(method)s."
        )
        % {"method": method()[:16]},
    )


def _records(topic: Topic) -> tuple[RecordLine, ...]:
    return tuple(
        RecordLine(
            country=member.record.country,
            iso3=member.record.iso3,
            round_code=member.record.round_code,
            accepted=day_of(member.record.dated_at),
            hash=member.record.hash,
        )
        for member in (*topic.found, *topic.earlier)
    )
