import pytest

from questionnaire.content import (
    QUESTION_FIELDS,
    QUESTIONNAIRE_FIELDS,
    RECOMMENDATION_FIELDS,
    RULE_FIELDS,
    SECTION_FIELDS,
    content_from_entries,
    content_hash,
    content_of,
    read_entries,
)
from questionnaire.models import (
    ConsistencyRule,
    Publication,
    Question,
    Questionnaire,
    Recommendation,
    Section,
)
from tests.conftest import QUESTIONNAIRE_FIXTURES
from tests.instruments import nmdc

NOT_CONTENT = {"id", "questionnaire", "section"}


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Questionnaire, QUESTIONNAIRE_FIELDS),
        (Section, SECTION_FIELDS),
        (Question, QUESTION_FIELDS),
        (Recommendation, RECOMMENDATION_FIELDS),
        (ConsistencyRule, RULE_FIELDS),
    ],
)
def test_content_holds_every_field(model, fields):
    """A field that is not hashed could change unnoticed."""
    columns = {field.name for field in model._meta.concrete_fields}

    assert set(fields) == columns - NOT_CONTENT
    assert len(fields) == len(set(fields))


def test_database_holds_what_the_fixtures_hold(nmdc_db):
    from_fixtures = content_from_entries(read_entries(QUESTIONNAIRE_FIXTURES))

    content = content_of(nmdc_db)

    assert content == from_fixtures
    assert content_hash(content) == content_hash(from_fixtures) == nmdc().content_hash


def test_published_hash_is_that_of_the_fixtures(nmdc_db):
    publication = Publication.objects.get(questionnaire=nmdc_db)

    assert publication.content_hash == nmdc().content_hash


def test_content_is_read_in_four_queries(nmdc_db, django_assert_num_queries):
    with django_assert_num_queries(4):
        content_of(nmdc_db)


def test_hash_does_not_depend_on_the_order_of_keys():
    assert content_hash({"a": 1, "b": [1, {"c": 2, "d": 3}]}) == content_hash(
        {"b": [1, {"d": 3, "c": 2}], "a": 1}
    )


@pytest.mark.parametrize(
    "other", [{"a": 2}, {"a": "1"}, {"a": None}, {"a": [1]}, {"b": 1}, {"a": 1, "b": 1}]
)
def test_hash_tells_content_apart(other):
    assert content_hash({"a": 1}) != content_hash(other)


def test_hash_is_sha_256_of_canonical_json():
    """Of `{}`."""
    assert content_hash({}) == (
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    )


def test_content_does_not_depend_on_the_order_of_files():
    in_order = content_from_entries(read_entries(QUESTIONNAIRE_FIXTURES))
    reverse = content_from_entries(read_entries(reversed(QUESTIONNAIRE_FIXTURES)))

    assert reverse == in_order


def test_entries_name_their_file_and_code(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(
        "- model: questionnaire.section\n  fields: {code: GEN}\n"
        "- model: questionnaire.translation\n  fields: {text: x}\n"
    )

    entries = read_entries([path])

    assert [(e.file, e.model, e.code) for e in entries] == [
        ("one.yaml", "questionnaire.section", "GEN"),
        ("one.yaml", "questionnaire.translation", "?"),
    ]


def test_empty_file_has_no_entries(tmp_path):
    path = tmp_path / "empty.yaml"
    path.write_text("# nothing\n")

    assert read_entries([path]) == []
