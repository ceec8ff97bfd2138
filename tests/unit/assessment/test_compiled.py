"""A compiled query returns what Django returns, whatever the values are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from assessment.compiled import Compiled, given, insert_one, update_one
from assessment.models import Answer, AnswerRevision, Country, Via

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


def test_objects_are_those_of_the_queryset(response, django_assert_num_queries):
    found = Compiled(
        lambda: (
            Answer.objects.filter(response=given("response"))
            .select_related("changed_by", "response__prefilled_from")
            .defer("response__status")
            .annotate(iso3=F("response__country__iso3"))
        )
    )

    with django_assert_num_queries(1):
        (answer,) = found.objects(response=response.pk)
        name, prefilled = answer.changed_by.name, answer.response.prefilled_from

    standing = Answer.objects.get(response=response)
    assert (answer, answer.value, answer.iso3) == (standing, 2025, "PER")
    assert (answer.changed_at, name) == (standing.changed_at, standing.changed_by.name)
    assert prefilled is None
    assert answer.response.get_deferred_fields() == {"status"}
    assert list(found.objects(response=0)) == []


VALUES = [None, 7, 0.5, "text 'quoted' %s", ["a", "b"], [{"title": "é", "url": "x"}]]


@pytest.mark.parametrize("value", VALUES)
def test_row_inserted_is_read_as_it_was(response, django_assert_num_queries, value):
    answer = response.answers.get()
    made = AnswerRevision(
        answer=answer,
        value=value,
        revision=9,
        changed_by=answer.changed_by,
        changed_at=answer.changed_at,
        via=Via.PAGE,
        is_confirmed=False,
    )

    with django_assert_num_queries(1):
        insert_one(made)

    found = AnswerRevision.objects.get(answer=answer, revision=9)
    read = (found.value, found.changed_by, found.changed_at, found.via)
    assert read == (value, answer.changed_by, answer.changed_at, "page")
    assert found.is_confirmed is False


@pytest.mark.parametrize("value", VALUES)
def test_row_updated_changes_in_the_fields_named(
    response, django_assert_num_queries, value
):
    answer = response.answers.get()
    answer.value, answer.revision, answer.question = value, 5, "SRC-01"

    with django_assert_num_queries(1):
        update_one(answer, ("value", "revision"))

    found = response.answers.get()
    assert (found.value, found.revision, found.question) == (value, 5, "GEN-02")
