"""A compiled query returns what Django returns, whatever the values are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.compiled import Compiled, given
from assessment.models import Answer, Country

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_queryset(response):
    found = Compiled(
        lambda: Answer.objects.filter(response=given("response")).values_list(
            "question", "value", "changed_at", "is_confirmed"
        )
    )

    rows = list(found.rows(response=response.pk))

    assert rows == [("GEN-02", 2025, response.answers.get().changed_at, True)]


def test_values_are_parameters_and_never_text_of_the_query(peru):
    found = Compiled(
        lambda: (
            Country.objects.filter(iso3=given("iso3")).order_by().values_list("name")
        )
    )

    assert list(found.rows(iso3="PER")) == [("Peru",)]
    assert list(found.rows(iso3="' OR 1=1 --")) == []
    assert list(found.rows(iso3="iso3")) == []


def test_query_is_built_once_and_asked_each_time(peru):
    built = []

    def build():
        built.append(1)
        return Country.objects.filter(iso3=given("iso3")).values_list("name")

    found = Compiled(build)

    with CaptureQueriesContext(connection) as asked:
        found.rows(iso3="PER")
        found.rows(iso3="PER")

    assert (len(built), len(asked)) == (1, 2)


def test_text_of_the_query_that_looks_like_a_name_stays_text(peru):
    found = Compiled(
        lambda: Country.objects.filter(iso3=given("code"), iso2="code").values_list(
            "name"
        )
    )

    assert list(found.rows(code="PER")) == []
