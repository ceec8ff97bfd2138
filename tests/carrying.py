"""An accepted earlier round, and another version of the questionnaire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from assessment.models import Country, Response, Round, Submission, User
from assessment.services.rounds import open_response, open_round
from assessment.services.transitions import accept_response
from questionnaire.models import Question, Questionnaire, Section
from tests.factories import MemberFactory, RoundFactory
from tests.saving import put, submit


def opened(
    questionnaire: Questionnaire, year: int, country: Country, officer: User
) -> Response:
    """Return the country's response in the round of `year`, made and opened."""
    round_ = Round.objects.filter(code=str(year)).first() or RoundFactory(
        code=str(year),
        title=f"Round {year}",
        year=year,
        questionnaire=questionnaire,
    )
    open_round(round_=round_, countries=[], by=officer)
    return open_response(round_=round_, country=country, by=officer)


def accepted(
    questionnaire: Questionnaire,
    year: int,
    country: Country,
    officer: User,
    values: Mapping[str, Any],
) -> Submission:
    """Return the accepted submission of a round in which `values` were answered."""
    response = opened(questionnaire, year, country, officer)
    coordinator = MemberFactory(country=country, role="coordinator")
    put(response, coordinator, values)
    submission = submit(response, coordinator)
    accept_response(response=response, by=officer)
    return submission


def next_version(
    questionnaire: Questionnaire, change: Callable[[Question], bool]
) -> Questionnaire:
    """Return a new version with the questions for which `change` returned true."""
    new = Questionnaire.objects.get(pk=questionnaire.pk)
    new.pk, new.version = None, "2.0"
    new.save()
    for section in Section.objects.filter(questionnaire=questionnaire):
        questions = list(Question.objects.filter(section=section))
        section.pk, section.questionnaire = None, new
        section.save()
        for question in questions:
            if change(question):
                question.pk, question.section = None, section
                question.save()
    return new
