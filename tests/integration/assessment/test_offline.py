"""The service worker and the page for no link."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture
def worker(client):
    return client.get("/service-worker.js")


@pytest.fixture
def shell(worker):
    found = re.match(r"self\.SHELL = (\{.*\});\n", worker.content.decode())
    return json.loads(found[1])


def test_worker_is_a_script_asked_for_again_each_time(worker):
    assert worker.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert worker.headers["Cache-Control"] == "no-cache"
    assert worker.content.decode().endswith(
        'importScripts("/static/js/service-worker.js");\n'
    )


def test_shell_names_what_pages_consist_of(shell):
    scripts = {
        f"/static/js/{p.name}" for p in Path(settings.BASE_DIR).glob("static/js/*")
    }
    styles = {
        f"/static/css/{p.name}" for p in Path(settings.BASE_DIR).glob("static/css/*")
    }

    assert set(shell["urls"]) == (scripts - {"/static/js/service-worker.js"}) | (
        styles - {"/static/css/report.css", "/static/css/report_rtl.css"}
    ) | {"/offline/", "/static/img/icon.svg", "/static/vendor/bootstrap.min.css"}
    assert re.fullmatch("[0-9a-f]{12}", shell["version"])
    assert (shell["assets"], shell["offline"]) == ("/static/", "/offline/")


def test_page_for_no_link_is_the_same_for_everybody(db, client):
    page = client.get("/offline/")

    assert page.status_code == 200
    assert "You are offline" in page.content.decode()
