import pytest

from questionnaire import repository
from questionnaire.models import Translation
from questionnaire.repository import InstrumentKey, instrument_for, read_instrument
from tests.instruments import nmdc


@pytest.fixture
def key(nmdc_db):
    return InstrumentKey(nmdc_db.publication.content_hash, "en", None)


def test_instrument_of_the_database_is_that_of_the_fixtures(nmdc_db):
    assert read_instrument(nmdc_db) == nmdc()


def test_instrument_is_read_once(nmdc_db, key, django_assert_num_queries):
    first = instrument_for(nmdc_db.pk, key)

    with django_assert_num_queries(0):
        second = instrument_for(nmdc_db.pk, key)

    assert second is first


def test_instrument_is_read_in_six_queries(nmdc_db, django_assert_num_queries):
    with django_assert_num_queries(6):
        instrument_for(nmdc_db.pk, InstrumentKey("never seen", "en", None))


def test_languages_are_kept_apart(nmdc_db, key):
    Translation.objects.create(
        questionnaire=nmdc_db, address="GEN-01:text", language="es", text="¿Qué país?"
    )
    stamp = Translation.objects.get().changed_at

    english = instrument_for(nmdc_db.pk, key)
    spanish = instrument_for(nmdc_db.pk, key._replace(language="es", stamp=stamp))

    texts = [i.question_by_code["GEN-01"].text for i in (english, spanish)]
    assert texts == [
        "Which country or area does this assessment describe?",
        "¿Qué país?",
    ]
    assert (english.language, spanish.language) == ("en", "es")


def test_text_without_translation_stays_in_the_language_of_the_fixture(nmdc_db):
    Translation.objects.create(
        questionnaire=nmdc_db, address="GEN-01:text", language="es", text="¿Qué país?"
    )

    spanish = read_instrument(nmdc_db, "es")

    assert spanish.question_by_code["GEN-01"].short == "Country or area"
    assert spanish.question_by_code["GEN-02"] == nmdc().question_by_code["GEN-02"]


def test_memory_is_bounded(nmdc_db, key, monkeypatch):
    monkeypatch.setattr(repository, "_instruments", type(repository._instruments)())
    monkeypatch.setattr(repository, "KEPT", 2)

    for language in ("en", "es", "fr"):
        instrument_for(nmdc_db.pk, key._replace(language=language))

    assert [kept.language for kept in repository._instruments] == ["es", "fr"]
