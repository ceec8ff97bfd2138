"""Files in the report: those of the record, in every later rendering the same."""

import io

import pikepdf
import pytest

from assessment.models import RenderedReport
from assessment.services.evidence import add_file, withdraw_file
from assessment.services.transitions import return_response
from tests.files import pdf, upload
from tests.integration.reports.conftest import submit

REPORT = "/responses/PER/2025/report/"
PDF = "/responses/PER/2025/report.pdf"


@pytest.fixture
def give(filled, coordinator, fresh, media):
    def given(name):
        return add_file(
            response=fresh(filled),
            question="GEN-11",
            upload=upload(name, pdf(name)),
            by=coordinator,
        )

    return given


@pytest.fixture
def annex(signed_in):
    def of(user, url=REPORT):
        page = signed_in(user).get(url)
        assert page.status_code == 200
        text = page.content.decode()
        return text[text.index('id="annex-documents"') :]

    return of


def test_draft_lists_the_files_that_stand(give, annex, filled, coordinator, fresh):
    gone, stands = give("gone.pdf"), give("stands.pdf")
    withdraw_file(response=fresh(filled), pk=gone.pk, by=coordinator)

    text = annex(coordinator)

    assert "gone.pdf" not in text
    assert f'href="/responses/PER/2025/evidence/files/{stands.pk}/"' in text


def test_submission_lists_its_files_for_ever(
    give, annex, filled, coordinator, officer, fresh, signed_in
):
    file = give("then.pdf")
    submit(fresh(filled), coordinator)
    before = signed_in(officer).get(PDF).content
    return_response(response=fresh(filled), by=officer, message="Please.")
    withdraw_file(response=fresh(filled), pk=file.pk, by=coordinator)
    give("later.pdf")

    text = annex(officer)
    after = signed_in(officer).get(PDF).content

    assert ("then.pdf" in text, "later.pdf" in text) == (True, False)
    assert "then.pdf" not in annex(coordinator)
    assert "then.pdf" in annex(coordinator, f"{REPORT}?submission=1")
    assert after == before
    assert RenderedReport.objects.count() == 1  # nothing that is printed has changed
    with (
        pikepdf.open(io.BytesIO(after)) as document,
        document.open_outline() as outline,
    ):
        assert outline.root[-1].title == "Annex F Documents"
