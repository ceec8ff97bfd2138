"""The pages of one response, as tabs under its head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.models import Response
from assessment.permissions import Action, may


class Page(NamedTuple):
    """A page of a response; `inside` names the further URLs that belong to it."""

    url_name: str
    title: Promise | str
    action: Action = Action.VIEW
    inside: frozenset[str] = frozenset()


class Tab(NamedTuple):
    title: Promise | str
    url: str
    is_current: bool


PAGES = (
    Page(
        "assessment:response_detail",
        _("Overview"),
        inside=frozenset({"assessment:section_detail", "assessment:evidence_detail"}),
    ),
    Page("assessment:response_check", _("Check")),
    Page("reports:report_detail", _("Report")),
    Page(
        "assessment:institution_list",
        _("Team"),
        inside=frozenset(
            {
                "assessment:institution_add",
                "assessment:institution_edit",
                "assessment:institution_merge",
            }
        ),
    ),
)

# The pages under the tab of the team.
TEAM_PAGES = (
    Page(
        "assessment:institution_list",
        _("Institutions"),
        inside=frozenset(
            {
                "assessment:institution_add",
                "assessment:institution_edit",
                "assessment:institution_merge",
            }
        ),
    ),
)


def tabs(
    request: HttpRequest, response: Response, pages: Sequence[Page] = PAGES
) -> list[Tab]:
    """Return the tabs that the person may open. No query."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    names = [response.country.iso3, response.round.code]
    return [
        Tab(
            page.title,
            reverse(page.url_name, args=names),
            here == page.url_name or here in page.inside,
        )
        for page in pages
        if may(request.user, page.action, response)  # type: ignore[arg-type]
    ]
