"""The pages of one response, as tabs under its head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.comment_queries import comments_are_there
from assessment.models import Response, Round, User
from assessment.permissions import Action, may


class Page(NamedTuple):
    """A page of a response; `inside` names the further URLs that belong to it.

    It opens for whoever may do `action`, and exists only for whoever may do `sees`, where
    `is_there` says so.
    """

    url_name: str
    title: Promise | str
    action: Action = Action.VIEW
    inside: frozenset[str] = frozenset()
    sees: Action = Action.VIEW
    is_there: Callable[[User, Response], bool] = lambda user, response: True


class Tab(NamedTuple):
    title: Promise | str
    url: str
    is_current: bool


# The pages of a country's team, as tabs within the tab.
TEAM_PAGES = (
    Page(
        "assessment:team_detail",
        _("People"),
        Action.SEE_TEAM,
        inside=frozenset(
            {
                "assessment:member_detail",
                "assessment:member_deactivate",
                "assessment:member_reactivate",
                "assessment:coordinator_hand_over",
                "assessment:invitation_create",
                "assessment:invitation_resend",
                "assessment:invitation_revoke",
            }
        ),
        sees=Action.SEE_TEAM,
    ),
    Page(
        "assessment:delegation_list",
        _("Delegations"),
        Action.INVITE,
        sees=Action.SEE_TEAM,
    ),
    Page(
        "assessment:institution_list",
        _("Institutions"),
        Action.READ_LIVE,
        inside=frozenset(
            {
                "assessment:institution_add",
                "assessment:institution_edit",
                "assessment:institution_merge",
            }
        ),
    ),
)

PAGES = (
    Page(
        "assessment:response_detail",
        _("Overview"),
        inside=frozenset({"assessment:section_detail", "assessment:evidence_detail"}),
    ),
    Page(
        "assessment:response_check",
        _("Check"),
        inside=frozenset(
            {
                "assessment:dissent_list",
                "assessment:dissent_record",
                "assessment:clearance_detail",
                "assessment:clearance_concur",
                "reports:clearance_paper",
                "assessment:reviewed_list",
                "assessment:reviewed_set",
            }
        ),
    ),
    Page(
        "assessment:comment_list",
        _("Comments"),
        Action.READ_COMMENTS,
        sees=Action.READ_COMMENTS,
        is_there=comments_are_there,
    ),
    Page(
        "reports:review_detail",
        _("Review"),
        Action.REVIEW,
        inside=frozenset({"assessment:submission_compare"}),
    ),
    Page(
        "assessment:history_list",
        _("History"),
        Action.READ_LIVE,
        inside=frozenset({"assessment:submission_compare"}),
    ),
    Page("reports:report_detail", _("Report"), inside=frozenset({"reports:what_if"})),
    Page("reports:response_over_time", _("Over time")),
    Page(
        "reports:plan_detail",
        _("Action plan"),
        inside=frozenset(
            {
                "reports:plan_action",
                "reports:plan_add",
                "reports:plan_adopt",
                "reports:plan_history",
                "reports:plan_own",
                "reports:plan_statuses",
            }
        ),
    ),
    Page(
        "assessment:team_detail",
        _("Team"),
        Action.SEE_TEAM,
        inside=frozenset().union(
            *({page.url_name, *page.inside} for page in TEAM_PAGES)
        ),
        sees=Action.SEE_TEAM,
    ),
)


def tabs(
    request: HttpRequest, response: Response, pages: Sequence[Page] = PAGES
) -> list[Tab]:
    """Return the tabs that the person may open. No query."""
    user = cast(User, request.user)
    here = request.resolver_match.view_name if request.resolver_match else ""
    names = [response.country.iso3, response.round.code]
    return [
        Tab(
            page.title,
            reverse(page.url_name, args=names),
            here == page.url_name or here in page.inside,
        )
        for page in pages
        if may(user, page.action, response)
        and may(user, page.sees, response)
        and page.is_there(user, response)
    ]


# The pages of a round, for those who follow it.
ROUND_PAGES = (
    Page(
        "assessment:round_detail",
        _("Countries"),
        inside=frozenset({"assessment:round_remind"}),
    ),
    Page("assessment:round_progress", _("Progress of the round")),
    Page("reports:round_compare", _("Comparison")),
    Page(
        "reports:bundle_list",
        _("Reports as ZIP"),
        inside=frozenset({"reports:bundle_detail"}),
    ),
)


def round_tabs(request: HttpRequest, round_: Round) -> list[Tab]:
    """Return the pages of a round; whoever follows one may open them all. No query."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        Tab(
            page.title,
            reverse(page.url_name, args=[round_.code]),
            here == page.url_name or here in page.inside,
        )
        for page in ROUND_PAGES
    ]
