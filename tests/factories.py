"""The dullest valid objects; a test states every value it asserts."""

from __future__ import annotations

import datetime
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from assessment.institution_queries import name_key
from assessment.models import Country, Institution, Membership, Round, User


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")


class OfficerFactory(UserFactory):
    name = factory.Sequence(lambda n: f"Officer {n}")
    unsd_role = "officer"


class AdministratorFactory(UserFactory):
    unsd_role = "administrator"


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = "contributor"


def MemberFactory(*, country: Country, role: str, **fields: Any) -> User:  # noqa: N802
    """Return a person with a role in a country."""
    user = UserFactory(**fields)
    MembershipFactory(user=user, country=country, role=role)
    return user


class RoundFactory(DjangoModelFactory):
    class Meta:
        model = Round

    code = factory.Sequence(lambda n: f"r{n}")
    title = "A round"
    year = 2025
    opens_on = datetime.date(2025, 1, 1)
    closes_on = datetime.date(2099, 12, 31)


class InstitutionFactory(DjangoModelFactory):
    """An institution as the service writes it."""

    class Meta:
        model = Institution

    name = factory.Sequence(lambda n: f"Institution {n}")
    key = factory.LazyAttribute(lambda institution: name_key(institution.name))
    created_at = factory.LazyFunction(timezone.now)
    created_by = factory.SubFactory(UserFactory)
