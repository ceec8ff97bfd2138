"""Changes that spoil the fixtures, with the place and words of the one problem."""

from __future__ import annotations

from tests.unit.questionnaire.mutating import (
    add_record,
    append,
    both,
    double_record,
    drop,
    drop_record,
    put,
    rename,
)

METHOD = "NMDC/method"
RECORDS = [
    (drop_record("NMDC"), "questionnaire", "no questionnaire record"),
    (double_record("NMDC"), "NMDC", "more than one questionnaire record"),
    (add_record("questionnaire.publication"), "?", "cannot contain a publication"),
    (add_record("auth.user", code="root"), "root", "not a part of a questionnaire"),
    (put("BAS-01/section", ["NMDC", "1.1", "BAS"]), "BAS-01", "it belongs to"),
    (put("BAS-01/section", ["NMDC", "1.0", "BASE"]), "BAS-01", "'BASE' does not exist"),
    (put("BAS-01/section", ["NMDC", 1.0, "BAS"]), "BAS-01", "1.0, which is not text"),
    (put("BAS-01/section", ["NMDC", "1.0"]), "BAS-01", "section is"),
    (put("BAS-16/code", "POL-99"), "POL-99", "begins with 'BAS-'"),
]
CODES = [
    (put("C-002/code", "C-001"), "C-001", "'C-001' of a consistency rule is taken by"),
    (
        double_record("R-GOV-01", position=99),
        "R-GOV-01",
        "of a recommendation is taken",
    ),
    (double_record("BAS-01", position=99), "BAS-01", "of a question is taken"),
    (put("POL-MIG/rows/0/code", "POL-A"), "POL-MIG", "'POL-A' of a row is taken"),
    (
        put("C-002/code", "POL-QUESTIONS"),
        "POL-QUESTIONS",
        "of a consistency rule is taken",
    ),
    (put(f"{METHOD}/references/1/code", "SEED18"), "NMDC", "'SEED18' stands twice"),
    (
        put("SRC-INV/columns/1/code", "exists"),
        "SRC-INV",
        "columns: 'exists' stands twice",
    ),
    (put("GEN-04/choices/1/value", "nso"), "GEN-04", "choices: 'nso' stands twice"),
    (put("GEN-03/position", 2), "GEN-03", "position 2 is taken by GEN-02"),
    (put("POL/position", 2), "POL", "position 2 is taken by BAS"),
    (put("C-145/position", 1), "C-145", "position 1 is taken by C-001"),
    (put("GEN-05/columns/0/code", "Name"), "GEN-05", "'Name' cannot be addressed"),
    (put("POL-NEEDS/rows/0/code", "POL A"), "POL-NEEDS", "'POL A' cannot be addressed"),
    (put("BAS-01/code", "BAS 01"), "BAS 01", "Use letters, digits, dots, hyphens."),
]
KEYS = [
    (put("BAS-01/sources/0", "GCM"), "BAS-01", 'sources[1] is "GCM". Write keys'),
    (put("COO-MOU/rows/0/fixed", ["na"]), "COO-MOU", "Write keys and values."),
    (
        rename("BAS-01/is_required", "is_requird"),
        "BAS-01",
        "is_requird is an unknown key",
    ),
    (rename("BAS-01/kind", "type"), "BAS-01", "type is an unknown key. Write 'kind'."),
    (
        rename("BAS-01/choices/both/label", "lable"),
        "BAS-01",
        "choices[both].lable is an",
    ),
    (
        rename("SRC-INV/rows/0/weight", "wieght"),
        "SRC-INV",
        "rows[SRC-CEN].wieght is an",
    ),
    (rename("SRC-INV/columns/0/scored", "is_scored"), "SRC-INV", "Write 'scored'."),
    (
        put("GEN-05/columns/0/scored", True),
        "GEN-05",
        "columns[name].scored is an unknown",
    ),
    (put(f"{METHOD}/colours", {}), "NMDC", "method.colours is an unknown key"),
    (drop(f"{METHOD}/gap_rules/classes/met/colour"), "NMDC", "colour is missing"),
    (drop("BAS-01/text"), "BAS-01", "text is missing"),
    (put("BAS-01/text", " "), "BAS-01", "text is empty"),
    (put("BAS-01/hint", None), "BAS-01", "hint is null"),
    (put("BAS-01/short", "s" * 121), "BAS-01", "at most 120 characters"),
    (put("BAS-01/kind", "checkbox"), "BAS-01", 'kind is "checkbox"'),
    (
        put("SRC-INV/columns/1/kind", "matrix"),
        "SRC-INV",
        'columns[holder].kind is "matrix"',
    ),
    (put("BAS-01/is_required", "yes"), "BAS-01", 'is_required is "yes"'),
    (put("BAS-01/position", 1.5), "BAS-01", "position is 1.5"),
    (put("BAS-01/evidence", "always"), "BAS-01", 'evidence is "always"'),
    (put("GEN-03/lookup", "agency"), "GEN-03", 'lookup is "agency"'),
    (put("POL-02/when_hidden", "none"), "POL-02", 'when_hidden is "none"'),
    (put("SRC-INV/when_closed", "close"), "SRC-INV", 'when_closed is "close"'),
    (put("C-001/severity", "fatal"), "C-001", 'severity is "fatal"'),
    (put("C-001/cells", []), "C-001", "cells is empty"),
    (put("BAS-01/choices/0/value", True), "BAS-01", "value is read as a truth value"),
    (put("BAS-01/choices", {}), "BAS-01", "choices is {}, which is not a list"),
    (put("BAS-01/choices/0/score", 1.5), "BAS-01", "choices[both].score is 1.5"),
    (put("BAS-01/weight", 0), "BAS-01", "weight is 0. Write a number above 0."),
    (put("BAS-01/weight", float("nan")), "BAS-01", "weight is NaN"),
    (put(f"{METHOD}/band_sets/age_need/bands/0/score", 2), "NMDC", "score is 2"),
]
CHOICES = [
    (put("GEN-04/choices/0/value", "dk"), "GEN-04", "'dk' is reserved"),
    (
        put(f"{METHOD}/choice_sets/users/0/value", "na"),
        "NMDC",
        "users: 'na' is reserved",
    ),
    (put("GEN-10/choices", "yesno"), "GEN-10", "no choice set 'yesno'"),
    (
        put(f"{METHOD}/choice_sets/spare", []),
        "choice_sets.spare",
        "used by no question",
    ),
    (
        put("GEN-01/choices", "yes_no"),
        "GEN-01",
        "'choices' means nothing for the kind text",
    ),
    (put("SRC-INV/columns/1/choices", "yes_no"), "SRC-INV.holder", "means nothing"),
    (put("GEN-04/choices", []), "GEN-04", "the kind single_choice needs 'choices'"),
    (drop("BAS-01/choices/both/score"), "BAS-01", "have no score: both"),
    (
        drop("SRC-INV/columns/used/choices/0/score"),
        "SRC-INV.used",
        "have no score: regular",
    ),
    (put("GEN-04/choices/0/score", 1), "GEN-04", "have scores, but it is not scored"),
    (put("GEN-04/weight", 1), "GEN-04", "has a weight, but it is not scored"),
    (
        put("GEN-04/choices/0/exclusive", True),
        "GEN-04",
        "'nso' stands in a single_choice",
    ),
    (
        put("SRC-INV/columns/variables/choices/none/score", 0.5),
        "SRC-INV.variables",
        "the exclusive choice 'none' has a score above 0",
    ),
    (put("STR-01/weight", None), "STR-01", "needs a weight"),
    (put("STR-01/dimension", "D-LAW"), "STR-01", "dimension 'D-LAW' does not exist"),
    (put("GEN-04/dimension", "D-GOV"), "GEN-04", "has a dimension, but is not scored"),
    (drop("POL-02/when_hidden"), "POL-02", "needs 'when_hidden'"),
    (
        put("STR-01/when_hidden", "zero"),
        "STR-01",
        "only for scored questions with show_if",
    ),
    (
        put("SRC-INV/columns/latest_year/band_set", "age"),
        "SRC-INV.latest_year",
        "no band set 'age'",
    ),
    (
        drop("SRC-INV/columns/latest_year/band_set"),
        "SRC-INV.latest_year",
        "needs 'band_set'",
    ),
    (put("BAS-13/minimum", 121), "BAS-13", "minimum 121 is above its maximum 120"),
    (put("GEN-05/min_items", 9), "GEN-05", "min_items 9 is above max_items 5"),
    (put("GEN-05/max_items", None), "GEN-05", "needs max_items"),
    (
        put("GEN-01/rows", [{"code": "X-1", "label": "X"}]),
        "GEN-01",
        "'rows' means nothing",
    ),
    (
        put(f"{METHOD}/band_sets/age_need/bands/0/max", 6),
        "band_sets.age_need",
        "not rise",
    ),
    (
        put(
            f"{METHOD}/band_sets/spare",
            {"method": "age", "bands": [{"max": 1, "score": 1}]},
        ),
        "band_sets.spare",
        "used by no question",
    ),
]
TABLES = [
    (
        both(
            put("EXC-REP/columns/reporting/scored", False),
            drop("EXC-REP/columns/reporting/weight"),
            drop("EXC-REP/columns/reporting/choices/complete/score"),
            drop("EXC-REP/columns/reporting/choices/partial/score"),
            drop("EXC-REP/columns/reporting/choices/none/score"),
        ),
        "EXC-REP",
        "a scored matrix has no scored column",
    ),
    (
        put("POL-NEEDS/columns/remark/band_set", "age_need"),
        "POL-NEEDS.remark",
        "'band_set' means nothing for the kind text",
    ),
    (
        put("EXC-REP/columns/last_year/band_set", "age_need"),
        "EXC-REP.last_year",
        "it has a band set, but it is not scored",
    ),
    (put("SRC-INV/gate", "exist"), "SRC-INV", "gate 'exist' is not one of its columns"),
    (put("SRC-INV/columns/exists/gated", False), "SRC-INV", "is marked 'gated: false'"),
    (put("SRC-INV/gate_open", ["ja"]), "SRC-INV", "gate_open: 'ja' is not a choice"),
    (put("SRC-INV/gate_open", []), "SRC-INV", "needs 'gate_open'"),
    (drop("SRC-INV/when_closed"), "SRC-INV", "needs 'when_closed'"),
    (put("EXC-REP/when_closed", "zero"), "EXC-REP", "means nothing without a gate"),
    (
        put("POL-SDG/row_weight/column", "need"),
        "POL-SDG",
        "row_weight: 'need' is not a",
    ),
    (put("POL-SDG/row_weight/map/urgent", 4), "POL-SDG", "row_weight: 'urgent' is not"),
    (drop("POL-SDG/row_weight/map/low"), "POL-SDG", "row_weight has no factor for low"),
    (
        put("POL-SDG/rows/0/group", "SDG-X"),
        "POL-SDG[SDG-1.3.1]",
        "not one of the row groups",
    ),
    (
        append("POL-SDG/row_groups", {"code": "G9", "title": "T"}),
        "POL-SDG",
        "'G9' has no rows",
    ),
    (
        put("POL-NEEDS/rows/0/theme", "transit"),
        "POL-NEEDS[POL-A]",
        "theme 'transit' does",
    ),
    (
        put("SRC-INV/rows/SRC-DHS/bands", "age_x"),
        "SRC-INV[SRC-DHS]",
        "no band set 'age_x'",
    ),
    (put("COO-MOU/rows/0/bands", "age_need"), "COO-MOU[AGY-BOR]", "replaces nothing"),
    (put("POL-SDG/rows/0/no_na", True), "POL-SDG[SDG-1.3.1]", "forbids nothing"),
    (
        put("COO-MOU/rows/0/fixed", {"levels": "na"}),
        "COO-MOU[AGY-BOR]",
        "fixed: 'levels'",
    ),
    (
        put("COO-MOU/rows/0/fixed", {"level": "x"}),
        "COO-MOU[AGY-BOR]",
        "'x' is neither na",
    ),
    (
        put("COO-MOU/rows/0/fixed", {"agreement": "law"}),
        "COO-MOU[AGY-BOR]",
        "gate cannot",
    ),
]
METHODS = [
    (
        both(
            put("GEN/is_scored", True),
            put(f"{METHOD}/section_weights/GEN", 5),
            put(f"{METHOD}/section_weights/BAS", 15),
        ),
        "GEN",
        "a scored section has no scored question",
    ),
    (
        append(
            f"{METHOD}/gap_inputs",
            {
                "matrix": "GEN-01",
                "need_column": "priority",
                "availability_columns": ["available"],
                "quality_weights": {},
            },
        ),
        "gap_inputs[GEN-01]",
        "'GEN-01' is not a matrix",
    ),
    (
        both(
            put("GEN-10/is_scored", True),
            put("GEN-10/weight", 1),
            put("GEN-10/dimension", "D-GOV"),
        ),
        "GEN-10",
        "it is scored, but its section GEN is not",
    ),
    (put(f"{METHOD}/section_weights/BAS", 21), "section_weights", "sum to 101"),
    (
        both(
            drop(f"{METHOD}/section_weights/EXC"),
            put(f"{METHOD}/section_weights/BAS", 25),
        ),
        "section_weights",
        "EXC has no weight",
    ),
    (
        put(f"{METHOD}/maturity_levels/1/min_score", 0),
        "maturity_levels",
        "does not rise",
    ),
    (put(f"{METHOD}/maturity_levels/1/level", 3), "maturity_levels", "not numbered"),
    (
        put(f"{METHOD}/gap_rules/table/high", ["critical"]),
        "gap_rules.table",
        "has 1 classes",
    ),
    (
        put(f"{METHOD}/gap_rules/table/high/0", "worst"),
        "gap_rules.table",
        "no gap class",
    ),
    (drop(f"{METHOD}/gap_rules/table/unknown"), "gap_rules.table", "need 'unknown'"),
    (
        put(f"{METHOD}/gap_rules/quality_limits/limited_from", 0.8),
        "gap_rules.quality_limits",
        "limited_from is above",
    ),
    (
        put(f"{METHOD}/gap_inputs/0/quality_weights/frequency", 0.25),
        "gap_inputs[POL-NEEDS]",
        "quality_weights sum to 1.1",
    ),
    (
        put(f"{METHOD}/gap_inputs/0/availability_columns", ["users"]),
        "gap_inputs[POL-NEEDS]",
        "'users' is not a scored column",
    ),
    (
        put(f"{METHOD}/gap_inputs/0/need_column", "remark"),
        "gap_inputs[POL-NEEDS]",
        "not a column of POL-NEEDS with a single choice",
    ),
    (
        put(f"{METHOD}/catalogue/ranking/weights/QD", 0.5),
        "catalogue.ranking",
        "sum to 1.1",
    ),
    (
        put(f"{METHOD}/catalogue/ranking/priority_from/low", 50),
        "catalogue.ranking",
        "fall",
    ),
    (put("NMDC/assessment_year_question", "GEN-01"), "NMDC", "'GEN-01' is not a year"),
    (
        append(
            f"{METHOD}/dimensions", {"code": "D-X", "title": "X", "description": ""}
        ),
        "D-X",
        "no scored question counts",
    ),
    (put("POL-01/subsection", "POL-X"), "POL-01", "subsection 'POL-X' does not exist"),
    (
        append("POL/subsections", {"code": "POL-X", "title": "X"}),
        "POL",
        "has no questions",
    ),
    (
        double_record("EXC", code="TRA", position=10, is_scored=False),
        "TRA",
        "no questions",
    ),
]
REFERENCES = [
    (put("BAS-01/sources/0/ref", "ISO"), "BAS-01", "sources: 'ISO' does not exist"),
    (
        append(f"{METHOD}/references", {"code": "ISO", "citation": "C"}),
        "references.ISO",
        "cited by no question",
    ),
    (
        put("R-GOV-01/dimension", "D-LAW"),
        "R-GOV-01",
        "dimension: 'D-LAW' does not exist",
    ),
    (put("R-GOV-01/kind", "advice"), "R-GOV-01", "kind: 'advice' does not exist"),
    (put("R-GOV-01/horizon", "soon"), "R-GOV-01", "horizon: 'soon' does not exist"),
    (put("R-GOV-01/standards", ["ISO"]), "R-GOV-01", "standards: 'ISO' does not exist"),
    (put("R-GOV-01/partners", ["FAO"]), "R-GOV-01", "partners: 'FAO' does not exist"),
    (
        put("R-GOV-01/addresses", ["POL-A", "SDG-8.8.2"]),
        "R-GOV-01",
        "addresses: 'SDG-8.8.2' does not exist",
    ),
    (put("C-001/topic", "history"), "C-001", "topic: 'history' does not exist"),
    (put("C-001/cells/0", "SRC INV"), "C-001", "is not the address of a cell"),
    (put("C-001/cells/1", "GEN-99"), "C-001", "names a question that does not exist"),
    (put("C-001/cells/1", "GEN-02[*].x"), "C-001", "the question is not a matrix"),
    (
        put("C-001/cells/0", "SRC-INV[SRC-X].exists"),
        "C-001",
        "a row that does not exist",
    ),
    (put("C-001/cells/0", "SRC-INV[*].year"), "C-001", "a column that does not exist"),
]
MUTATIONS = [*RECORDS, *CODES, *KEYS, *CHOICES, *TABLES, *METHODS, *REFERENCES]
