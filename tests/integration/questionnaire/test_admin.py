"""The instrument in the admin is for reading: corrections are new versions."""

import pytest

from questionnaire.content import content_hash, content_of
from questionnaire.models import (
    ConsistencyRule,
    Publication,
    Question,
    Questionnaire,
    Recommendation,
    Section,
)
from tests.factories import AdministratorFactory

MODELS = [
    Questionnaire,
    Section,
    Question,
    Recommendation,
    ConsistencyRule,
    Publication,
]


@pytest.fixture
def client(signed_in, nmdc_db):
    return signed_in(AdministratorFactory())


def address(model, *rest):
    parts = ("admin", "questionnaire", model._meta.model_name, *map(str, rest))
    return "/" + "/".join(parts) + "/"


@pytest.mark.parametrize("model", MODELS)
def test_administrator_reads_records(client, model):
    record = model.objects.first()

    assert client.get(address(model)).status_code == 200
    assert client.get(address(model, record.pk, "change")).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_administrator_cannot_write_records(client, model, nmdc_db):
    record = model.objects.first()
    count = model.objects.count()

    codes = [
        client.get(address(model, "add")).status_code,
        client.post(address(model, "add"), {"code": "X"}).status_code,
        client.post(address(model, record.pk, "change"), {"code": "X"}).status_code,
        client.get(address(model, record.pk, "delete")).status_code,
        client.post(address(model, record.pk, "delete"), {"post": "yes"}).status_code,
    ]
    client.post(
        address(model),
        {"action": "delete_selected", "_selected_action": record.pk, "post": "yes"},
    )

    assert codes == [403] * 5
    assert model.objects.count() == count
    assert content_hash(content_of(nmdc_db)) == nmdc_db.publication.content_hash
