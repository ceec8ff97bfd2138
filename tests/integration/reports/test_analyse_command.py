import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessment.services.transitions import accept_response
from tests.instruments import COUNTRIES, read_data

GOLDEN = read_data("golden_figures.yaml")["countries"]


def analyse(*arguments):
    out = StringIO()
    call_command("analyse", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_json_holds_the_golden_figures(iso3, response_of):
    response_of(iso3)

    figures = json.loads(analyse(iso3, "2025", "--format", "json"))

    causes = figures.pop("causes")
    assert figures.pop("action_plan") is None
    record, scores = figures.pop("record"), figures.pop("scores")
    assert (record["country"], record["round"], record["hash"]) == (iso3, "2025", None)
    assert {c: s["score_final"] for c, s in scores.items()} == figures["scores_final"]
    assert figures == GOLDEN[iso3]
    assert list(figures) == list(GOLDEN[iso3])
    assert list(causes) == ["questions", "sections", "dimensions", "gaps", "actions"]


def test_table_has_the_main_figures(filled):
    lines = analyse("per", "2025").splitlines()

    assert lines[0] == "Peru, A round: draft"
    assert lines[1].split() == ["final", "prov.", "upper", "level"]
    assert lines[2].split()[:5] == ["BAS", "41.8", "46.1", "60.0", "Developing"]
    overall = next(line for line in lines if line.startswith("ALL"))
    assert overall.split() == ["ALL", "40.2", "43.0", "52.1", "Developing"]
    assert "Complete    92.4 %" in lines
    gaps = lines[lines.index("Gaps, the most severe first:") + 1 :]
    assert gaps[0].split()[1:3] == ["critical", "100.0"]
    wave = lines[lines.index("First wave of actions:") + 1 :]
    assert [line.split()[0] for line in wave] == GOLDEN["PER"]["first_wave"]


def test_empty_response_has_dashes_where_there_is_no_figure(response):
    lines = analyse("PER", "2025").splitlines()

    overall = next(line for line in lines if line.startswith("ALL"))
    assert overall.split() == ["ALL", "0.0", "–", "86.4", "Initial"]


def test_submission_is_read_instead_of_later_answers(returned):
    returned.answers.filter(question="BAS-01").update(value=None)

    latest = json.loads(analyse("PER", "2025", "--format", "json"))
    first = json.loads(analyse("PER", "2025", "--submission", "1", "--format", "json"))

    assert latest["scores_final"] == first["scores_final"]
    assert first["scores_final"] == GOLDEN["PER"]["scores_final"]
    assert analyse("PER", "2025").startswith("Peru, A round: submission")


def test_acceptance_is_named(submitted, officer):
    accept_response(response=submitted, by=officer)

    assert analyse("PER", "2025").startswith("Peru, A round: acceptance")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("GEO", "2025"), "GEO has no response in round 2025."),
        (("PER", "1999"), "PER has no response in round 1999."),
        (
            ("PER", "2025", "--submission", "3"),
            "PER has no submission 3 in round 2025.",
        ),
    ],
)
def test_what_does_not_exist_is_an_error(arguments, message, filled):
    with pytest.raises(CommandError) as caught:
        analyse(*arguments)

    assert str(caught.value) == message
