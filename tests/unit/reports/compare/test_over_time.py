"""From round to round, also where the questionnaire changed in between."""

from dataclasses import replace

import pytest

from questionnaire import code_maps
from reports.compare.figures import figures_of
from reports.compare.over_time import (
    Stage,
    codes,
    codes_between,
    course_of,
    region_course,
    same_countries,
    waves_of,
)
from reports.compare.region import median_of
from tests.comparing import answers_like
from tests.instruments import nmdc
from tests.unit.reports.compare.members import member

# A made-up version 2.0, in which one dimension was renamed, one is new, two policy
# questions changed places, one section was dropped and another is not comparable.
STEP = code_maps.code_map(
    {
        "questionnaire": "NMDC",
        "from": "1.0",
        "to": "2.0",
        "dimensions": {"D-GOV": "D-LAW"},
        "sections": {"EXC": None},
        "rows": {"POL-A": "POL-B", "POL-B": "POL-A"},
    }
)


@pytest.fixture(scope="module")
def figures():
    return [figures_of(nmdc(), answers_like(number)) for number in range(6)]


def second_version():
    """Return the questionnaire of the fixtures as version 2.0 would have it."""
    first = nmdc()
    law = replace(first.dimensions[0], code="D-LAW", title="Law")
    new = replace(first.dimensions[0], code="D-NEW", title="New")
    return replace(first, version="2.0", dimensions=(law, *first.dimensions[1:], new))


@pytest.fixture
def mapped(monkeypatch):
    monkeypatch.setattr(codes, "code_maps", lambda: (STEP,))
    return second_version()


def stage(reference, found, region=None):
    return Stage(
        found.record,
        found.figures,
        region,
        codes_between(reference, found.record.version),
    )


def points(blocks, title):
    return next(
        line.points for block in blocks for line in block.lines if line.title == title
    )


def later(figures):
    """Return figures as version 2.0 would give them."""
    changed = {code: s for code, s in figures.dimensions.items() if code != "D-GOV"}
    return replace(figures, dimensions=changed | {"D-LAW": 61.25, "D-NEW": 10.0})


def test_country_is_followed_across_versions(mapped, figures):
    then = replace(
        figures[0],
        dimensions=figures[0].dimensions | {"D-GOV": 50.0},
        gaps=figures[0].gaps | {"POL-A": ("critical", 90.0), "POL-B": ("met", 0.0)},
    )
    now = replace(
        later(figures[0]),
        gaps=then.gaps | {"POL-A": ("met", 0.0), "POL-B": ("major", 60.0)},
    )
    stages = [
        stage(mapped, member("PER", then, year=2022)),
        stage(mapped, member("PER", now, version="2.0")),
    ]

    blocks = course_of(mapped, stages, is_mirrored=False)

    law = points(blocks, "Law")
    assert [p.text for p in law] == ["50.0", "61.3"]
    assert (law[0].change, law[1].change.label, law[1].change.kind) == (
        None,
        "+11.3",
        "better",
    )
    assert [p.is_asked for p in points(blocks, "New")] == [False, True]
    assert points(blocks, "New")[1].change is None
    exchange = nmdc().section_by_code["EXC"].title
    assert [p.is_asked for p in points(blocks, exchange)] == [False, True]
    # What was A in version 1.0 is B in version 2.0.
    annual = nmdc().question_by_code["POL-NEEDS"].row_by_code["POL-B"].short
    assert [p.text for p in points(blocks, annual)] == ["Critical gap", "Major gap"]


def test_later_version_is_read_by_the_codes_of_an_earlier_one(mapped, figures):
    now = stage(nmdc(), member("PER", later(figures[0]), version="2.0"))

    blocks = course_of(nmdc(), [now], is_mirrored=False)

    (governance,) = points(blocks, "Governance, mandate and resources")
    assert (governance.is_asked, governance.text) == (True, "61.3")


def test_same_version_needs_no_map(figures):
    one = stage(nmdc(), member("PER", figures[0]))
    blocks = course_of(nmdc(), [one], is_mirrored=False)

    assert [block.title for block in blocks] == [
        "Overall",
        "Capacity dimensions",
        "Sections",
        "Policy questions A to O",
        "SDG indicators by migratory status",
        "Scored questions",
    ]
    assert all(p.is_asked for b in blocks for line in b.lines for p in line.points)
    assert {block.has_charts for block in blocks} == {False}


def test_question_is_followed_under_its_new_code(monkeypatch, figures):
    step = {"questionnaire": "NMDC", "from": "0.9", "to": "1.0"}
    step["questions"] = {"OLD-01": "SRC-03", "SRC-04": None}
    monkeypatch.setattr(codes, "code_maps", lambda: (code_maps.code_map(step),))
    asked = {code: s for code, s in figures[0].questions.items() if code != "SRC-03"}
    then = replace(figures[0], questions=asked | {"OLD-01": 40.0})
    now = replace(figures[0], questions=figures[0].questions | {"SRC-03": 50.0})
    stages = [
        stage(nmdc(), member("PER", then, year=2022, version="0.9")),
        stage(nmdc(), member("PER", now)),
    ]

    (*_others, questions) = course_of(nmdc(), stages, is_mirrored=False)

    lines = {line.code: line.points for line in questions.lines}
    assert [p.text for p in lines["SRC-03"]] == ["40.0", "50.0"]
    assert lines["SRC-03"][1].change.label == "+10.0"
    assert [p.is_asked for p in lines["SRC-04"]] == [False, True]


def test_median_of_the_region_stands_beside_the_score(mapped, figures):
    median = median_of("Americas", [later(one) for one in figures])
    now = stage(nmdc(), member("PER", later(figures[0]), version="2.0"), region=median)

    blocks = course_of(nmdc(), [now], is_mirrored=False)

    assert points(blocks, "Governance, mandate and resources")[0].beside == "61.3"


def test_region_shows_median_and_quartiles_of_each_round(figures):
    found = [
        member("ARG", replace(figures[0], overall=20.0), year=2022),
        member("ARG", replace(figures[0], overall=40.0)),
        member("BOL", replace(figures[0], overall=60.0)),
        member("CHL", replace(figures[0], overall=None)),
    ]

    waves = waves_of(nmdc(), found)
    overall = points(region_course(nmdc(), waves, is_mirrored=True), "Overall")

    assert [(w.round_code, len(w.found)) for w in waves] == [("2022", 1), ("2025", 3)]
    assert [(p.text, p.detail) for p in overall] == [
        ("20.0", "20.0 to 20.0"),
        ("50.0", "45.0 to 55.0"),
    ]


def test_only_countries_of_both_rounds_are_compared(figures):
    found = [
        member("ARG", replace(figures[0], overall=20.0), year=2022),
        member("BOL", replace(figures[0], overall=90.0), year=2022),
        member("CUB", replace(figures[0], overall=None), year=2022),
        member("ARG", replace(figures[0], overall=35.0)),
        member("CHL", replace(figures[0], overall=1.0)),
        member("CUB", replace(figures[0], overall=50.0)),
    ]

    (pair,) = same_countries(nmdc(), waves_of(nmdc(), found))

    assert pair.names == "Country ARG and Country CUB"
    overall = pair.changes[0]
    assert (overall.title, overall.count) == ("Overall", 1)
    assert (overall.before_text, overall.now_text) == ("20.0", "35.0")
    assert overall.mark.label == "+15.0"
    few = same_countries(nmdc(), waves_of(nmdc(), found), least=2)[0].changes
    assert "Overall" not in [change.title for change in few]


def test_rounds_without_a_common_country_are_not_compared(figures):
    found = [member("ARG", figures[0], year=2022), member("BOL", figures[0])]

    assert same_countries(nmdc(), waves_of(nmdc(), found)) == []
