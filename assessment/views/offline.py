"""What a browser needs to go on without a link: a service worker and a page of its own."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language_info
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

ROOT: Path = settings.BASE_DIR / "static"
WORKER = "js/service-worker.js"
NOT_SHOWN = {WORKER, "css/report.css", "css/report_rtl.css"}  # the worker; the PDF


def _shell_files() -> list[str]:
    """Return the static files that pages consist of, by their names in `static/`."""
    found = [*ROOT.glob("css/*.css"), *ROOT.glob("js/*.js"), ROOT / "img/icon.svg"]
    names = {path.relative_to(ROOT).as_posix() for path in found} - NOT_SHOWN
    names |= {
        f"vendor/bootstrap{'.rtl' if get_language_info(code)['bidi'] else ''}.min.css"
        for code, _title in settings.LANGUAGES
    }
    return sorted(names)


@cache
def _shell() -> tuple[str, list[str]]:
    """Return the version of the shell, a hash of its files, and their addresses.

    Scripts import each other by names without a hash, so both addresses are listed.
    """
    digest = hashlib.sha256()
    urls = {reverse("assessment:offline")}
    for name in [*_shell_files(), WORKER]:
        digest.update((ROOT / name).read_bytes())
        if name != WORKER:
            urls.add(static(name))
        if name.startswith("js/") and name != WORKER:
            urls.add(f"{settings.STATIC_URL}{name}")
    return digest.hexdigest()[:12], sorted(urls)


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Name the files of the shell, then load the worker; served here for its scope, `/`."""
    version, urls = _shell()
    shell = {
        "version": version,
        "urls": urls,
        "assets": settings.STATIC_URL,
        "offline": reverse("assessment:offline"),
    }
    text = f"self.SHELL = {json.dumps(shell)};\nimportScripts({json.dumps(static(WORKER))});\n"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Stand in for a page that was never opened; the worker keeps it, made for nobody."""
    return render(request, "assessment/offline.html")
