"""What is looked at when the site starts: the logo that the reports are to print."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from reports.logo import logo_path, problem_of


@register
def check_logo(**_options: Any) -> list[CheckMessage]:
    path = logo_path()
    if path is None:
        return []
    found: list[CheckMessage] = []
    if problem := problem_of(path):
        message = f"REPORT_LOGO, {path}, cannot be a logo: {problem}."
        found.append(Error(message, id="reports.E001"))
    if not settings.INSTALLATION_NAME:
        message = "REPORT_LOGO needs INSTALLATION_NAME, which says whose logo it is."
        found.append(Error(message, id="reports.E002"))
    return found
