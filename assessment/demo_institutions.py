"""Institutions of the demonstration: those that its answers name."""

from __future__ import annotations

from dataclasses import replace

from assessment.institution_particulars import as_is
from assessment.models import Institution
from assessment.queries import responses_with_instrument
from assessment.services.institutions import (
    edit_institution,
    institutions_from_answers,
)
from assessment.services.rounds import system_user

Kind = Institution.Kind

KINDS = {
    "Asylum authority": Kind.ASYLUM,
    "Border authority": Kind.BORDER,
    "Education ministry": Kind.EDUCATION,
    "Foreign affairs ministry": Kind.FOREIGN,
    "Immigration authority": Kind.BORDER,
    "Interior ministry": Kind.INTERIOR,
    "Labour ministry": Kind.LABOUR,
    "Migration authority": Kind.BORDER,
    "National statistical office": Kind.STATISTICS,
    "National statistical office (illustrative)": Kind.STATISTICS,
    "Planning ministry": Kind.PLANNING,
    "Police and prosecution": Kind.JUSTICE,
    "Refugee authority": Kind.ASYLUM,
    "Register office": Kind.CIVIL,
    "Social security institution": Kind.SOCIAL,
    "Statistical office": Kind.STATISTICS,
}


def list_institutions(round_code: str) -> None:
    """List what the demonstration answers name, in countries that list nothing yet."""
    system = system_user()
    for response in responses_with_instrument().filter(
        round__code=round_code,
        round__is_illustrative=True,
        country__institutions__isnull=True,
    ):
        for made in institutions_from_answers(response=response, by=system):
            kind = KINDS.get(made.name, Kind.OTHER)
            edit_institution(
                response=response,
                institution=made,
                particulars=replace(as_is(made), kind=kind),
                by=system,
            )
