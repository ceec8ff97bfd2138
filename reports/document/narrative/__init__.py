"""The summary in sentences, each said by a rule and traced to what it speaks of."""

from __future__ import annotations

from questionnaire.conditions import holds
from reports.document.narrative.figures import Figures
from reports.document.narrative.on_capacity import OVERALL, PROFILE
from reports.document.narrative.on_changes import CHANGES
from reports.document.narrative.on_needs import NEEDS, NEXT
from reports.document.narrative.references import REFERENCES
from reports.document.narrative.rule import Rule
from reports.document.narrative.words import Words
from reports.document.reader import Reader
from reports.document.structure import Paragraph, Sentence

RULES: tuple[Rule, ...] = (*OVERALL, *PROFILE, *NEEDS, *CHANGES, *NEXT)
PARAGRAPHS = (("overall",), ("profile",), ("needs",), ("changes", "next"))


def narrative(reader: Reader) -> tuple[Paragraph, ...]:
    """Return the paragraphs that have something to say."""
    said = sentences(reader)
    found = (
        Paragraph(tuple(s for s in said if s.topic in topics)) for topics in PARAGRAPHS
    )
    return tuple(paragraph for paragraph in found if paragraph.sentences)


def sentences(reader: Reader) -> list[Sentence]:
    """Return what is said, in the order of the rules: one sentence for each slot."""
    figures = Figures(reader)
    words = Words(figures)
    found: dict[tuple[str, str], Sentence] = {}
    for rule in RULES:
        slot = (rule.topic, rule.slot)
        if slot not in found and holds(rule.when, figures):
            found[slot] = _said(rule, figures, words)
    return list(found.values())


def _said(rule: Rule, figures: Figures, words: Words) -> Sentence:
    return Sentence(
        code=rule.code,
        topic=rule.topic,
        text=str(rule.says % words),
        because=str(rule.because),
        refs=REFERENCES[rule.refs](figures),
    )
