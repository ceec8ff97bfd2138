"""contracts.md, section 5: a published version cannot be altered, whichever way in."""

from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import models, transaction

from questionnaire.content import content_hash, content_of
from questionnaire.guard import PUBLICATION_OF, PublishedVersionError
from questionnaire.models import (
    ConsistencyRule,
    Publication,
    Question,
    Questionnaire,
    Recommendation,
    Section,
    Translation,
)
from questionnaire.repository import publish
from tests.conftest import QUESTIONNAIRE_FIXTURES

GUARDED = [Questionnaire, Section, Question, Recommendation, ConsistencyRule]
# A field of each that a correction would touch.
TOUCHED = {
    Questionnaire: "title",
    Section: "title",
    Question: "text",
    Recommendation: "text",
    ConsistencyRule: "message",
}


@pytest.fixture
def version_2(nmdc_db):
    """A small version that is not published."""
    questionnaire = Questionnaire.objects.create(
        code="NMDC",
        version="2.0",
        title="Next",
        assessment_year_question="GEN-02",
        method={"a": 1},
    )
    section = Section.objects.create(
        questionnaire=questionnaire, code="GEN", position=1, title="First"
    )
    Question.objects.create(
        section=section, code="GEN-02", position=1, short="Year", text="Which?", kind="year"
    )  # fmt: skip
    Recommendation.objects.create(
        questionnaire=questionnaire, code="R-1", position=1, title="Act", text="Act.",
        dimension="D-GOV", kind="law", horizon="short", trigger={"all": []},
    )  # fmt: skip
    ConsistencyRule.objects.create(
        questionnaire=questionnaire, code="C-1", position=1, severity="error",
        topic="dates", when={"all": []}, message="No.", cells=["GEN-02"],
    )  # fmt: skip
    return questionnaire


def record_of(model, questionnaire):
    lookup = PUBLICATION_OF[model._meta.model_name].removesuffix("publication")
    if not lookup:
        return questionnaire
    return model.objects.filter(
        **{f"{lookup}pk".replace("____", "__"): questionnaire.pk}
    ).first()


@contextmanager
def refused(*others):
    """What is refused inside leaves the test's own transaction usable."""
    with (
        pytest.raises((PublishedVersionError, *others)) as refusal,
        transaction.atomic(),
    ):
        yield refusal


def hash_in_database(questionnaire):
    return content_hash(content_of(Questionnaire.objects.get(pk=questionnaire.pk)))


@pytest.fixture
def untouched(nmdc_db):
    """Check after the test that the published version is as it was."""
    before = Publication.objects.get(questionnaire=nmdc_db).content_hash
    yield
    assert hash_in_database(nmdc_db) == before


def load(tmp_path, *texts):
    paths = []
    for number, text in enumerate(texts):
        path = tmp_path / f"{number}.yaml"
        path.write_text(text, "utf-8")
        paths.append(str(path))
    call_command("loaddata", *paths, verbosity=0)


def fixture_text(number):
    return QUESTIONNAIRE_FIXTURES[number].read_text("utf-8")


def test_every_model_of_the_content_is_guarded():
    assert {model._meta.model_name for model in GUARDED} == set(PUBLICATION_OF)


# Loading


def test_loading_the_same_again_changes_nothing(nmdc_db, untouched):
    counts = {model: model.objects.count() for model in GUARDED}
    keys = {model: set(model.objects.values_list("pk", flat=True)) for model in GUARDED}

    call_command("loaddata", *map(str, QUESTIONNAIRE_FIXTURES), verbosity=0)

    assert {model: model.objects.count() for model in GUARDED} == counts
    assert {
        model: set(model.objects.values_list("pk", flat=True)) for model in GUARDED
    } == keys


@pytest.mark.parametrize(
    ("number", "old", "new"),
    [
        (0, "title: ", "title: Changed "),
        (1, "code: GEN-01\n", "code: GEN-01X\n"),
        (1, "Which country or area does", "Which country does"),
        (1, "is_required: true", "is_required: false"),
        (1, "position: 2\n", "position: 99\n"),
        (10, "position: 1\n", "position: 99\n"),
        (11, "severity: error", "severity: warning"),
        (11, "op: gt", "op: gte"),
    ],
)
def test_loading_other_content_is_refused_before_anything_is_written(
    tmp_path, untouched, number, old, new
):
    text = fixture_text(number)
    assert old in text

    with refused() as refusal:
        load(tmp_path, text.replace(old, new, 1))

    assert "belongs to a published questionnaire" in str(refusal.value)
    assert "new version" in str(refusal.value)


def test_refusal_names_the_record_and_the_fields(tmp_path, untouched):
    text = fixture_text(1).replace("Which country or area does", "Which country does")

    with refused() as refusal:
        load(tmp_path, text)

    assert str(refusal.value).endswith(
        ": GEN-01 belongs to a published questionnaire, which cannot change "
        "(would change: text). Publish the correction as a new version: give the "
        "fixtures a new version number."
    )


def test_refused_load_writes_no_other_record_either(tmp_path, untouched, version_2):
    """All files of one load stand or fall together."""
    fine = """
- model: questionnaire.section
  fields: {questionnaire: [NMDC, '2.0'], code: NEW, position: 2, title: New}
"""
    other = fixture_text(1).replace("Which country or area does", "Which country does")

    with refused():
        load(tmp_path, fine, other)

    assert not Section.objects.filter(code="NEW", questionnaire=version_2).exists()


@pytest.mark.parametrize(
    "text",
    [
        """
- model: questionnaire.section
  fields: {questionnaire: [NMDC, '1.0'], code: ADDED, position: 99, title: Added}
""",
        """
- model: questionnaire.question
  fields: {section: [NMDC, '1.0', GEN], code: GEN-99, position: 99, short: Added,
    text: Added, kind: text}
""",
        """
- model: questionnaire.consistencyrule
  fields: {questionnaire: [NMDC, '1.0'], code: C-999, position: 999, severity: error,
    topic: dates, when: {}, message: Added, cells: []}
""",
    ],
)
def test_loading_an_addition_is_refused(tmp_path, untouched, text):
    with refused():
        load(tmp_path, text)


def test_loading_a_record_that_moves_a_section_away_is_refused(
    tmp_path, untouched, version_2, nmdc_db
):
    """With its primary key given, a fixture can take a section out of a version."""
    section = nmdc_db.sections.get(code="EXC")

    with refused():
        load(
            tmp_path,
            f"""
- model: questionnaire.section
  pk: {section.pk}
  fields: {{questionnaire: [NMDC, '2.0'], code: EXC, position: 9, title: Moved}}
""",
        )


def test_new_version_loads_beside_the_published_one(tmp_path, untouched):
    texts = [
        path.read_text("utf-8").replace("'1.0'", "'2.0'")
        for path in QUESTIONNAIRE_FIXTURES
    ]

    load(tmp_path, *texts)

    first, second = Questionnaire.objects.order_by("version")
    assert (first.version, second.version) == ("1.0", "2.0")
    for model in GUARDED[1:]:
        lookup = PUBLICATION_OF[model._meta.model_name].removesuffix("__publication")
        counts = [model.objects.filter(**{lookup: q}).count() for q in (first, second)]
        assert counts[0] == counts[1] > 0
    assert not Publication.objects.filter(questionnaire=second).exists()
    assert hash_in_database(second) != hash_in_database(first)


def test_version_that_is_not_published_can_be_corrected_by_loading(
    tmp_path, version_2, untouched
):
    load(
        tmp_path,
        """
- model: questionnaire.section
  fields: {questionnaire: [NMDC, '2.0'], code: GEN, position: 1, title: Corrected}
""",
    )

    assert version_2.sections.get().title == "Corrected"


# Records one by one


@pytest.mark.parametrize("model", GUARDED)
def test_changing_a_published_record_is_refused(model, nmdc_db, untouched):
    record = record_of(model, nmdc_db)
    setattr(record, TOUCHED[model], "Changed")

    with refused():
        record.save()


@pytest.mark.parametrize("model", GUARDED)
def test_changing_one_field_of_a_published_record_is_refused(model, nmdc_db, untouched):
    record = record_of(model, nmdc_db)
    setattr(record, TOUCHED[model], "Changed")

    with refused():
        record.save(update_fields=[TOUCHED[model]])


@pytest.mark.parametrize("model", GUARDED)
def test_saving_a_published_record_as_it_is_does_nothing(model, nmdc_db, untouched):
    record_of(model, nmdc_db).save()


@pytest.mark.parametrize("model", GUARDED)
def test_deleting_a_published_record_is_refused(model, nmdc_db, untouched):
    with refused(models.ProtectedError):
        record_of(model, nmdc_db).delete()


@pytest.mark.parametrize("model", GUARDED)
def test_record_of_an_unpublished_version_can_be_changed(model, version_2, untouched):
    record = record_of(model, version_2)
    setattr(record, TOUCHED[model], "Changed")

    record.save()

    assert getattr(model.objects.get(pk=record.pk), TOUCHED[model]) == "Changed"


@pytest.mark.parametrize("model", [Question, Recommendation, ConsistencyRule])
def test_record_of_an_unpublished_version_can_be_deleted(model, version_2, untouched):
    record_of(model, version_2).delete()

    assert record_of(model, version_2) is None


@pytest.mark.parametrize("model", [Section, Recommendation, ConsistencyRule])
def test_moving_a_record_out_of_a_published_version_is_refused(
    model, nmdc_db, version_2, untouched
):
    record = record_of(model, nmdc_db)
    record.questionnaire = version_2
    record.code = "MOVED"

    with refused():
        record.save()


@pytest.mark.parametrize("model", [Section, Recommendation, ConsistencyRule])
def test_moving_a_record_into_a_published_version_is_refused(
    model, nmdc_db, version_2, untouched
):
    record = record_of(model, version_2)
    record.questionnaire = nmdc_db
    record.code = "MOVED"

    with refused():
        record.save()


def test_moving_a_question_between_versions_is_refused(nmdc_db, version_2, untouched):
    published, draft = record_of(Question, nmdc_db), record_of(Question, version_2)
    published.section, draft.section = draft.section, published.section

    for question in (published, draft):
        with refused():
            question.save()


def test_taking_the_name_of_a_published_version_is_refused(
    nmdc_db, version_2, untouched
):
    nmdc_db.version = "1.1"

    with refused():
        nmdc_db.save()


# In bulk


@pytest.mark.parametrize("model", GUARDED)
def test_bulk_update_of_published_records_is_refused(model, nmdc_db, untouched):
    with refused():
        model.objects.update(**{TOUCHED[model]: "Changed"})
    with refused():
        model._default_manager.filter(pk=record_of(model, nmdc_db).pk).update(
            **{TOUCHED[model]: "Changed"}
        )


@pytest.mark.parametrize("model", GUARDED)
def test_bulk_update_by_instances_is_refused(model, nmdc_db, untouched):
    record = record_of(model, nmdc_db)
    setattr(record, TOUCHED[model], "Changed")

    with refused():
        model.objects.bulk_update([record], [TOUCHED[model]])


def test_bulk_update_through_the_questionnaire_is_refused(nmdc_db, untouched):
    with refused():
        nmdc_db.sections.update(title="Changed")
    with refused():
        nmdc_db.sections.first().questions.update(text="Changed")


@pytest.mark.parametrize("model", GUARDED[1:])
def test_bulk_delete_of_published_records_is_refused(model, untouched):
    with refused(models.ProtectedError):
        model.objects.all().delete()


def test_bulk_create_in_a_published_version_is_refused(nmdc_db, untouched):
    added = Section(questionnaire=nmdc_db, code="ADDED", position=99, title="Added")

    with refused():
        Section.objects.bulk_create([added])
    with refused():
        Section.objects.bulk_create(
            [Section(questionnaire=nmdc_db, code="GEN", position=1, title="Changed")],
            update_conflicts=True,
            unique_fields=["questionnaire", "code"],
            update_fields=["title"],
        )


@pytest.mark.parametrize("model", [Section, Recommendation, ConsistencyRule])
def test_bulk_move_into_a_published_version_is_refused(
    model, nmdc_db, version_2, untouched
):
    drafts = model.objects.filter(questionnaire=version_2)

    for target in (
        {"questionnaire": nmdc_db},
        {"questionnaire_id": nmdc_db.pk},
        {"questionnaire": models.F("pk")},
    ):
        with refused():
            drafts.update(code="MOVED", **target)


def test_bulk_move_of_questions_into_a_published_version_is_refused(
    nmdc_db, version_2, untouched
):
    with refused():
        Question.objects.filter(section__questionnaire=version_2).update(
            section=nmdc_db.sections.first(), code="MOVED"
        )


def test_unpublished_version_can_be_changed_in_bulk(version_2, untouched):
    other = Questionnaire.objects.create(
        code="NMDC", version="3.0", title="T", assessment_year_question="", method={}
    )

    Section.objects.filter(questionnaire=version_2).update(
        title="Changed", questionnaire=other
    )
    Recommendation.objects.bulk_create(
        [
            Recommendation(
                questionnaire=other, code="R-2", position=2, title="A", text="A",
                dimension="D", kind="k", horizon="h", trigger={},
            )
        ]
    )  # fmt: skip

    assert [s.title for s in other.sections.all()] == ["Changed"]
    assert other.recommendations.count() == 1


# What publication leaves open


def test_translation_of_a_published_version_may_be_corrected(nmdc_db, untouched):
    row = Translation.objects.create(
        questionnaire=nmdc_db, address="GEN-01:short", language="es", text="Pais"
    )
    before = row.changed_at

    row.text = "País"
    row.save()

    row.refresh_from_db()
    assert row.text == "País"
    assert row.changed_at > before


def test_loaded_translation_is_stamped(tmp_path, nmdc_db, untouched):
    text = """
- model: questionnaire.translation
  fields: {questionnaire: [NMDC, '1.0'], address: 'GEN-01:short', language: es, text: País}
"""

    load(tmp_path, text)
    first = Translation.objects.get().changed_at
    load(tmp_path, text.replace("País", "PAÍS"))

    row = Translation.objects.get()
    assert row.text == "PAÍS"
    assert row.changed_at > first


def test_publishing_closes_a_version(version_2, untouched):
    publish(version_2)
    section = version_2.sections.get()
    section.title = "Changed"

    with refused():
        section.save()


def test_publishing_twice_is_publishing_once(version_2):
    first = publish(version_2)

    second = publish(version_2)

    assert second == first
    assert first.content_hash == hash_in_database(version_2)
    assert Publication.objects.filter(questionnaire=version_2).count() == 1
