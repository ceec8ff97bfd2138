"""From content (plain JSON, as fixtures and database hold it) to an `Instrument`.

`texts` maps the address of a text (`SRC-INV.row.SRC-CEN:label`) to its translation; a
text without one stays in the language of the fixture. Nothing here imports Django.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from questionnaire.instrument import (
    EMPTY,
    Choice,
    Column,
    ConsistencyRule,
    Instrument,
    Question,
    Recommendation,
    Reference,
    Row,
    RowGroup,
    RowWeight,
    Section,
    Source,
    Subsection,
)
from questionnaire.method import (
    BandSet,
    Catalogue,
    Dimension,
    GapClass,
    GapInput,
    GapRules,
    Labelled,
    MaturityLevel,
    ScoringRules,
)

Json = Mapping[str, Any]

_ROW_KEYS = {
    "code", "label", "short", "weight", "bands", "when_closed", "no_na", "fixed", "core",
    "group", "theme", "letter", "origin",
}  # fmt: skip


def build_instrument(
    content: Json,
    *,
    content_hash: str,
    language: str = "en",
    texts: Mapping[str, str] = EMPTY,
) -> Instrument:
    """Return the instrument that `content` describes, with `texts` put in.

    `content` is `{questionnaire, sections: [{…, questions}], recommendations,
    consistency_rules}` (`questionnaire.content`) and has passed `questionnaire.checks`.
    """
    return _Builder(content, texts).instrument(content_hash, language)


@dataclass
class _Builder:
    content: Json
    texts: Mapping[str, str]

    def _text(self, address: str, original: str) -> str:
        return self.texts.get(address) or original

    def instrument(self, content_hash: str, language: str) -> Instrument:
        head = self.content["questionnaire"]
        method = head["method"]
        return Instrument(
            code=head["code"],
            version=head["version"],
            language=language,
            content_hash=content_hash,
            title=self._text("questionnaire:title", head["title"]),
            subtitle=self._text("questionnaire:subtitle", head["subtitle"]),
            introduction=self._text("questionnaire:introduction", head["introduction"]),
            assessment_year_question=head["assessment_year_question"],
            sections=tuple(
                self._section(section) for section in self.content["sections"]
            ),
            dimensions=tuple(
                Dimension(
                    d["code"],
                    self._text(f"{d['code']}:title", d["title"]),
                    self._text(f"{d['code']}:description", d["description"]),
                )
                for d in method["dimensions"]
            ),
            maturity_levels=tuple(
                self._level(level) for level in method["maturity_levels"]
            ),
            section_weights=MappingProxyType(dict(method["section_weights"])),
            band_sets={
                name: BandSet(
                    band_set["method"],
                    tuple((band["max"], band["score"]) for band in band_set["bands"]),
                )
                for name, band_set in method["band_sets"].items()
            },
            references={
                r["code"]: Reference(r["code"], r["citation"])
                for r in method["references"]
            },
            scoring_rules=_scoring_rules(method["scoring_rules"]),
            gap_rules=self._gap_rules(method["gap_rules"]),
            gap_inputs=tuple(
                GapInput(
                    g["matrix"],
                    g["need_column"],
                    tuple(g["availability_columns"]),
                    g["quality_weights"],
                )
                for g in method["gap_inputs"]
            ),
            recommendations=tuple(
                self._recommendation(r) for r in self.content["recommendations"]
            ),
            catalogue=self._catalogue(method["catalogue"]),
            consistency_rules=tuple(
                self._rule(r) for r in self.content["consistency_rules"]
            ),
            topics={
                t["code"]: self._text(f"topic.{t['code']}:title", t["title"])
                for t in method["consistency"]["topics"]
            },
            reserved_labels={
                value: self._text(f"reserved.{value}:label", label)
                for value, label in method["reserved_values"].items()
            },
        )

    def _level(self, level: Json) -> MaturityLevel:
        code = level["code"]
        return MaturityLevel(
            level["level"],
            code,
            self._text(f"level.{code}:name", level["name"]),
            level["min_score"],
            self._text(f"level.{code}:description", level["description"]),
        )

    def _section(self, section: Json) -> Section:
        code = section["code"]
        return Section(
            code=code,
            title=self._text(f"{code}:title", section["title"]),
            purpose=self._text(f"{code}:purpose", section["purpose"]),
            guidance=self._text(f"{code}:guidance", section["guidance"]),
            is_scored=section["is_scored"],
            origin=section["origin"],
            subsections=tuple(
                Subsection(s["code"], self._text(f"{s['code']}:title", s["title"]))
                for s in section["subsections"]
            ),
            questions=tuple(self._question(q, code) for q in section["questions"]),
        )

    def _question(self, q: Json, section: str) -> Question:
        code = q["code"]
        weight = q["row_weight"]
        return Question(
            code=code,
            section=section,
            subsection=q["subsection"],
            short=self._text(f"{code}:short", q["short"]),
            text=self._text(f"{code}:text", q["text"]),
            hint=self._text(f"{code}:hint", q["hint"]),
            kind=q["kind"],
            is_required=q["is_required"],
            is_scored=q["is_scored"],
            origin=q["origin"],
            evidence=q["evidence"],
            sources=tuple(Source(s["ref"], s["at"]) for s in q["sources"]),
            choices=self._choices(q["choices"], code),
            weight=q["weight"] or 0.0,
            dimension=q["dimension"],
            band_set=q["band_set"],
            show_if=q["show_if"],
            when_hidden=q["when_hidden"],
            allows_na=q["allows_na"],
            unit=self._text(f"{code}:unit", q["unit"]),
            minimum=q["minimum"],
            maximum=q["maximum"],
            lookup=q["lookup"],
            columns=tuple(self._column(c, code) for c in q["columns"]),
            rows=tuple(self._row(r, code) for r in q["rows"]),
            gate=q["gate"],
            gate_open=frozenset(q["gate_open"]),
            when_closed=q["when_closed"],
            row_weight=RowWeight(weight["column"], weight["map"], weight["otherwise"])
            if weight
            else None,
            row_groups=tuple(
                RowGroup(
                    g["code"],
                    self._text(f"{code}.group.{g['code']}:title", g["title"]),
                    tuple(g.get("targets", ())),
                )
                for g in q["row_groups"]
            ),
            min_items=q["min_items"] or 0,
            max_items=q["max_items"] or 0,
            offers_dk=code != self.content["questionnaire"]["assessment_year_question"],
        )

    def _choices(self, choices: Any, owner: str) -> tuple[Choice, ...]:
        if isinstance(choices, str):
            owner = f"set.{choices}"
            choices = self.content["questionnaire"]["method"]["choice_sets"][choices]
        return tuple(
            Choice(
                c["value"],
                self._text(f"{owner}.choice.{c['value']}:label", c["label"]),
                c.get("score"),
                c.get("exclusive", False),
            )
            for c in choices or ()
        )

    def _column(self, c: Json, question: str) -> Column:
        address = f"{question}.column.{c['code']}"
        return Column(
            code=c["code"],
            label=self._text(f"{address}:label", c["label"]),
            kind=c["kind"],
            choices=self._choices(c.get("choices"), address),
            is_required=c.get("required", False),
            is_scored=c.get("scored", False),
            weight=c.get("weight", 1.0),
            band_set=c.get("band_set", ""),
            allows_na=c.get("allow_na", False),
            is_gated=c.get("gated", True),
            lookup=c.get("lookup", ""),
        )

    def _row(self, r: Json, question: str) -> Row:
        address = f"{question}.row.{r['code']}"
        label = self._text(f"{address}:label", r["label"])
        short = self._text(f"{address}:short", r["short"]) if "short" in r else label
        return Row(
            code=r["code"],
            label=label,
            short=short,
            weight=r.get("weight", 1.0),
            bands=r.get("bands", ""),
            when_closed=r.get("when_closed", ""),
            no_na=r.get("no_na", False),
            fixed=MappingProxyType(dict(r.get("fixed", {}))),
            is_core=r.get("core", False),
            group=r.get("group", ""),
            theme=r.get("theme", ""),
            letter=r.get("letter", ""),
            origin=r.get("origin", ""),
            details=MappingProxyType(
                {k: v for k, v in r.items() if k not in _ROW_KEYS}
            ),
        )

    def _gap_rules(self, rules: Json) -> GapRules:
        limits = rules["quality_limits"]
        return GapRules(
            need_values=rules["need_values"],
            limited_from=limits["limited_from"],
            adequate_from=limits["adequate_from"],
            weak_point_below=limits["weak_point_below"],
            data_levels=self._labelled("data_level", rules["data_levels"]),
            classes=tuple(
                GapClass(
                    c["code"],
                    self._text(f"gap.{c['code']}:label", c["label"]),
                    c["order"],
                    c["colour"],
                    self._text(f"gap.{c['code']}:description", c["description"]),
                )
                for c in rules["classes"]
            ),
            table={need: tuple(classes) for need, classes in rules["table"].items()},
            kinds=self._labelled("kind", rules["kinds"]),
            themes=self._labelled("theme", rules["themes"]),
        )

    def _labelled(self, prefix: str, items: Any) -> tuple[Labelled, ...]:
        return tuple(
            Labelled(i["code"], self._text(f"{prefix}.{i['code']}:label", i["label"]))
            for i in items
        )

    def _recommendation(self, r: Json) -> Recommendation:
        code = r["code"]
        return Recommendation(
            code=code,
            title=self._text(f"{code}:title", r["title"]),
            text=self._text(f"{code}:text", r["text"]),
            dimension=r["dimension"],
            kind=r["kind"],
            horizon=r["horizon"],
            trigger=r["trigger"],
            addresses=tuple(r["addresses"]),
            standards=tuple(r["standards"]),
            partners=tuple(r["partners"]),
        )

    def _rule(self, r: Json) -> ConsistencyRule:
        return ConsistencyRule(
            code=r["code"],
            severity=r["severity"],
            topic=r["topic"],
            when=r["when"],
            message=self._text(f"{r['code']}:message", r["message"]),
            cells=tuple(r["cells"]),
            rationale=self._text(f"{r['code']}:rationale", r["rationale"]),
        )

    def _catalogue(self, catalogue: Json) -> Catalogue:
        return Catalogue(
            kinds=self._labelled("action_kind", catalogue["kinds"]),
            horizons=self._labelled("horizon", catalogue["horizons"]),
            ranking_weights=catalogue["ranking"]["weights"],
            priority_from=catalogue["ranking"]["priority_from"],
            first_wave_size=catalogue["first_wave"]["size"],
            first_wave_per_dimension=catalogue["first_wave"]["max_per_dimension"],
            partners={
                code: self._text(f"partner.{code}:name", name)
                for code, name in catalogue["partners"].items()
            },
        )


def _scoring_rules(rules: Json) -> ScoringRules:
    return ScoringRules(
        dk_score=rules["dk_score"],
        blank_score_final=rules["blank_score_final"],
        optional_row_bonus=rules["optional_row_bonus"],
        levels_above_weakest=rules["balance_rule_levels_above_weakest_dimension"],
        section_completeness_min=rules["publication"]["section_completeness_min"],
        overall_completeness_min=rules["publication"]["overall_completeness_min"],
        display_decimals=rules["display_decimals"],
        threshold_decimals=rules["threshold_decimals"],
    )
