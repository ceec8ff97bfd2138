"""Every URL of the site for strangers and for people who are not signed in.

A new URL fails `test_every_url_is_in_the_table` until it has a line here.
"""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.factories import MemberFactory, OfficerFactory
from tests.saving import submit

RESPONSE = {"iso3": "PER", "round_code": "2025"}
ROUND = {"round_code": "2025"}
BUNDLE = ROUND | {"pk": 1}
SECTION = RESPONSE | {"section_code": "gen"}
DELEGATION = RESPONSE | {"pk": 1}
PERSON = RESPONSE | {"pk": 1}
REVISION = RESPONSE | {"revision": 1}
VIEW = RESPONSE | {"view_id": 1}
REVIEWED = RESPONSE | {"reviewed_id": 1}
INSTITUTION = RESPONSE | {"pk": 1}
PLACE = RESPONSE | {"place": "GEN"}
COMMENT = RESPONSE | {"pk": 1}
QUESTION = RESPONSE | {"question_code": "gen-11"}
PLANNED = RESPONSE | {"number": 1}
KEY = {"uidb36": "1", "key": "set-password"}

# Name: arguments, then the status of GET and POST signed out, and of GET and POST for a
# coordinator of another country. 302 leads to the sign-in, 404 hides, 405 is no method.
PAGES = {
    "assessment:home": ({}, (200, 405), (200, 405)),
    "assessment:csrf_token": ({}, (200, 405), (200, 405)),
    "assessment:offline": ({}, (200, 405), (200, 405)),
    "assessment:service_worker": ({}, (200, 405), (200, 405)),
    "assessment:healthz": ({}, (200, 405), (200, 405)),
    "assessment:readyz": ({}, (200, 405), (200, 405)),
    "assessment:audit_list": ({}, (302, 405), (404, 405)),
    "assessment:audit_csv": ({}, (302, 405), (404, 405)),
    "assessment:audit_jsonl": ({}, (302, 405), (404, 405)),
    "assessment:notification_list": ({}, (302, 405), (200, 405)),
    "assessment:notification_read_all": ({}, (405, 302), (405, 302)),
    "assessment:notification_settings": ({}, (302, 302), (200, 422)),
    "assessment:notification_open": ({"pk": 1}, (302, 405), (404, 405)),
    "assessment:notification_unsubscribe": ({"token": "x"}, (404, 404), (404, 404)),
    "assessment:round_detail": (ROUND, (302, 405), (404, 405)),
    "assessment:round_progress": (ROUND, (302, 405), (404, 405)),
    "assessment:round_export": (
        ROUND | {"ending": "csv"},
        (302, 405),
        (404, 405),
    ),
    "assessment:round_assign": (ROUND, (405, 302), (405, 404)),
    "assessment:round_remind": (ROUND, (302, 302), (404, 404)),
    "assessment:round_join": (ROUND, (405, 302), (405, 404)),
    "assessment:round_open": (ROUND, (405, 302), (405, 404)),
    "assessment:round_close": (ROUND, (405, 302), (405, 404)),
    "reports:round_compare": (ROUND, (302, 405), (404, 405)),
    "reports:compare_export": (
        ROUND | {"table": "scores", "ending": "csv"},
        (302, 405),
        (404, 405),
    ),
    "reports:round_synthesis": (ROUND, (302, 405), (404, 405)),
    "reports:synthesis_detail": (BUNDLE, (302, 405), (404, 405)),
    "reports:synthesis_status": (BUNDLE, (302, 405), (404, 405)),
    "reports:synthesis_restart": (BUNDLE, (405, 302), (405, 404)),
    "reports:synthesis_download": (BUNDLE, (302, 405), (404, 405)),
    "reports:region_over_time": ({"region_slug": "americas"}, (302, 405), (404, 405)),
    "reports:region_over_time_export": (
        {"region_slug": "americas", "table": "over-time", "ending": "csv"},
        (302, 405),
        (404, 405),
    ),
    "reports:record_verify": ({}, (302, 405), (200, 405)),
    "reports:bundle_list": (ROUND, (302, 302), (404, 404)),
    "reports:bundle_detail": (BUNDLE, (302, 405), (404, 405)),
    "reports:bundle_status": (BUNDLE, (302, 405), (404, 405)),
    "reports:bundle_restart": (BUNDLE, (405, 302), (405, 404)),
    "reports:bundle_download": (BUNDLE, (302, 405), (404, 405)),
    "assessment:response_detail": (RESPONSE, (302, 405), (404, 405)),
    "assessment:answers_save": (RESPONSE, (405, 302), (405, 404)),
    "assessment:change_list": (RESPONSE, (302, 405), (404, 405)),
    "assessment:presence_leave": (RESPONSE, (405, 302), (405, 404)),
    "assessment:revision_detail": (REVISION, (302, 405), (404, 405)),
    "assessment:section_detail": (SECTION, (302, 302), (404, 404)),
    "assessment:section_checks": (SECTION, (302, 405), (404, 405)),
    "assessment:response_check": (RESPONSE, (302, 302), (404, 404)),
    "assessment:clearance_detail": (RESPONSE, (302, 302), (404, 404)),
    "assessment:clearance_concur": (RESPONSE, (302, 302), (404, 404)),
    "assessment:clearance_withdraw": (DELEGATION, (405, 302), (405, 404)),
    "assessment:comment_list": (RESPONSE, (302, 405), (404, 405)),
    "assessment:comments_at": (PLACE, (302, 405), (404, 405)),
    "assessment:comment_open": (PLACE, (405, 302), (405, 404)),
    "assessment:note_write": (PLACE, (405, 302), (405, 404)),
    "assessment:comment_reply": (COMMENT, (405, 302), (405, 404)),
    "assessment:comment_resolve": (COMMENT, (405, 302), (405, 404)),
    "assessment:comment_reopen": (COMMENT, (405, 302), (405, 404)),
    "assessment:comment_withdraw": (COMMENT, (405, 302), (405, 404)),
    "assessment:note_withdraw": (COMMENT, (405, 302), (405, 404)),
    "assessment:history_list": (RESPONSE, (302, 405), (404, 405)),
    "assessment:history_export": (RESPONSE, (302, 405), (404, 405)),
    "assessment:submission_compare": (RESPONSE, (302, 405), (404, 405)),
    "assessment:compare_export": (RESPONSE, (302, 405), (404, 405)),
    "assessment:history_restore": (RESPONSE, (405, 302), (405, 404)),
    "assessment:dissent_list": (RESPONSE, (302, 405), (404, 405)),
    "assessment:dissent_record": (RESPONSE, (405, 302), (405, 404)),
    "assessment:dissent_print": (RESPONSE, (405, 302), (405, 404)),
    "assessment:dissent_withdraw": (VIEW, (405, 302), (405, 404)),
    "assessment:dissent_adopt": (VIEW, (405, 302), (405, 404)),
    "assessment:reviewed_list": (RESPONSE, (302, 405), (404, 405)),
    "assessment:reviewed_set": (RESPONSE, (302, 302), (404, 404)),
    "assessment:reviewed_withdraw": (REVIEWED, (405, 302), (405, 404)),
    "assessment:response_submit": (RESPONSE, (405, 302), (405, 404)),
    "assessment:response_withdraw": (RESPONSE, (405, 302), (405, 404)),
    "assessment:response_return": (RESPONSE, (405, 302), (405, 404)),
    "assessment:response_accept": (RESPONSE, (405, 302), (405, 404)),
    "assessment:response_reopen": (RESPONSE, (405, 302), (405, 404)),
    "assessment:delegation_list": (RESPONSE, (302, 302), (404, 404)),
    "assessment:team_switch": (RESPONSE, (405, 302), (405, 404)),
    "assessment:delegation_withdraw": (DELEGATION, (405, 302), (405, 404)),
    "assessment:delegation_nudge": (DELEGATION, (405, 302), (405, 404)),
    "assessment:delegation_done": (DELEGATION, (405, 302), (405, 404)),
    "assessment:delegation_reopen": (DELEGATION, (405, 302), (405, 404)),
    "assessment:delegation_hand_back": (DELEGATION, (405, 302), (405, 404)),
    # What belongs to a team is not there for strangers, whatever its number.
    "assessment:team_detail": (RESPONSE, (302, 405), (404, 405)),
    "assessment:invitation_create": (RESPONSE, (405, 302), (405, 404)),
    "assessment:invitation_resend": (PERSON, (405, 302), (405, 404)),
    "assessment:invitation_revoke": (PERSON, (405, 302), (405, 404)),
    "assessment:member_detail": (PERSON, (302, 302), (404, 404)),
    "assessment:member_deactivate": (PERSON, (405, 302), (405, 404)),
    "assessment:member_reactivate": (PERSON, (405, 302), (405, 404)),
    "assessment:coordinator_hand_over": (RESPONSE, (302, 302), (404, 404)),
    "assessment:invitation_detail": ({"token": "x"}, (410, 410), (410, 410)),
    "assessment:institution_list": (RESPONSE, (302, 405), (404, 405)),
    "assessment:institution_add": (RESPONSE, (302, 302), (404, 404)),
    "assessment:institution_adopt": (RESPONSE, (405, 302), (405, 404)),
    "assessment:institution_holdings": (RESPONSE, (302, 405), (404, 405)),
    "assessment:institution_edit": (INSTITUTION, (302, 302), (404, 404)),
    "assessment:institution_merge": (INSTITUTION, (302, 302), (404, 404)),
    "assessment:evidence_detail": (QUESTION, (302, 302), (404, 404)),
    "assessment:evidence_download": (INSTITUTION, (302, 405), (404, 405)),
    "reports:review_detail": (RESPONSE, (302, 405), (404, 405)),
    "reports:report_detail": (RESPONSE, (302, 405), (404, 405)),
    "reports:what_if": (RESPONSE, (302, 302), (404, 404)),
    "reports:clearance_paper": (RESPONSE, (302, 405), (404, 405)),
    "reports:report_panel": (RESPONSE, (302, 405), (404, 405)),
    "reports:reviewed_panel": (RESPONSE, (302, 405), (404, 405)),
    "reports:response_over_time": (RESPONSE, (302, 405), (404, 405)),
    "reports:response_over_time_export": (
        RESPONSE | {"ending": "csv"},
        (302, 405),
        (404, 405),
    ),
    "reports:report_pdf": (RESPONSE, (302, 405), (404, 405)),
    "reports:report_docx": (RESPONSE, (302, 405), (404, 405)),
    "reports:report_xlsx": (RESPONSE, (302, 405), (404, 405)),
    "reports:report_csv": (RESPONSE, (302, 405), (404, 405)),
    "reports:pdf_detail": (COMMENT, (302, 405), (404, 405)),
    "reports:pdf_status": (COMMENT, (302, 405), (404, 405)),
    "reports:pdf_restart": (COMMENT, (405, 302), (405, 404)),
    "reports:pdf_download": (COMMENT, (302, 405), (404, 405)),
    "reports:report_json": (RESPONSE, (302, 405), (404, 405)),
    "reports:plan_detail": (RESPONSE, (302, 405), (404, 405)),
    "reports:plan_add": (RESPONSE, (405, 302), (405, 404)),
    "reports:plan_own": (RESPONSE, (302, 302), (404, 404)),
    "reports:plan_carry": (RESPONSE, (405, 302), (405, 404)),
    "reports:plan_statuses": (RESPONSE, (405, 302), (405, 404)),
    "reports:plan_adopt": (RESPONSE, (302, 302), (404, 404)),
    "reports:plan_history": (RESPONSE, (302, 405), (404, 405)),
    "reports:plan_action": (PLANNED, (302, 302), (404, 404)),
    "reports:plan_move": (PLANNED, (405, 302), (405, 404)),
    "reports:plan_withdraw": (PLANNED, (405, 302), (405, 404)),
    "reports:plan_restore": (PLANNED, (405, 302), (405, 404)),
    "reports:plan_xlsx": (RESPONSE, (302, 405), (404, 405)),
    # django-allauth: what concerns only the account itself
    "account_login": ({}, (200, 200), (302, 302)),
    "account_logout": ({}, (302, 302), (200, 302)),
    "account_inactive": ({}, (200, 405), (200, 405)),
    "account_signup": ({}, (200, 200), (302, 302)),
    "account_reauthenticate": ({}, (302, 302), (200, 200)),
    "account_email": ({}, (404, 404), (404, 404)),
    "account_email_verification_sent": ({}, (200, 405), (200, 405)),
    "account_change_password": ({}, (302, 302), (200, 200)),
    "account_set_password": ({}, (302, 302), (302, 302)),
    "account_reset_password": ({}, (200, 200), (200, 200)),
    "account_confirm_login_code": ({}, (302, 302), (302, 302)),
    "account_confirm_email": ({"key": "x"}, (200, 404), (200, 404)),
    "account_reset_password_done": ({}, (200, 405), (200, 405)),
    "account_reset_password_from_key": (KEY, (200, 200), (200, 200)),
    "account_reset_password_from_key_done": ({}, (200, 405), (200, 405)),
}
# Routes that hide a page of django-allauth which this site does not offer.
HIDDEN = {"accounts/email/"}
OURS = [name for name in PAGES if ":" in name]


def names(patterns, namespace=""):
    """Yield the full name of every URL under `patterns`, of a nameless one its route."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or pattern.pattern}"
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from names(pattern.url_patterns, namespace + inner)


def all_names():
    return set(names(get_resolver().url_patterns))


def statuses(client, name):
    url = reverse(name, kwargs=PAGES[name][0])
    return client.get(url).status_code, client.post(url).status_code


@pytest.fixture
def stranger(response, peru, signed_in, coordinator):
    """Sign a coordinator of Chile in, while Peru's response is submitted."""
    submit(response, coordinator)
    chile = peru._meta.model.objects.get(iso3="CHL")
    person = MemberFactory(country=chile, role="coordinator")
    return lambda: signed_in(person)


def test_every_url_is_in_the_table():
    ours = {name for name in all_names() if not name.startswith("admin:")}

    assert ours == set(PAGES) | HIDDEN


def test_urls_signed_out(response):
    found = {name: statuses(Client(), name) for name in PAGES}

    assert found == {name: page[1] for name, page in PAGES.items()}


def test_urls_for_a_stranger_from_another_country(stranger):
    """Each signed in anew: one of the pages signs out."""
    found = {name: statuses(stranger(), name) for name in PAGES}

    assert found == {name: page[2] for name, page in PAGES.items()}


def test_page_that_asks_to_sign_in_comes_back_afterwards(response):
    found, expected = {}, {}
    for name in OURS:
        url = reverse(name, kwargs=PAGES[name][0])
        page = Client().get(url)
        if page.status_code == 302:
            found[name] = page.headers["Location"]
            expected[name] = f"/accounts/login/?next={url}"

    assert found == expected
    assert set(found) == {name for name in OURS if PAGES[name][1][0] == 302}


def test_country_in_the_address_is_not_believed(stranger):
    """Changing the code in the address of an own page leads nowhere."""
    client = stranger()
    for name in OURS:
        arguments = PAGES[name][0]
        if "iso3" not in arguments:
            continue
        for iso3 in ("PER", "per", "XXX"):
            url = reverse(name, kwargs=arguments | {"iso3": iso3})
            page = client.get(url)
            assert page.status_code in (404, 405), url
            assert b"Peru" not in page.content, url


def admin_urls():
    for name in sorted(all_names()):
        if not name.startswith("admin:"):
            continue
        for arguments in ([], ["1"], ["assessment"], ["1", "1"]):
            try:
                yield reverse(name, args=arguments)
            except Exception:  # noqa: BLE001, S112  other arguments fit this name
                continue
            else:
                break


def test_admin_site_is_closed_to_all_but_administrators(
    response, coordinator, signed_in
):
    urls = [url for url in admin_urls() if "/jsi18n/" not in url]
    assert len(urls) > 30

    for client in (Client(), signed_in(coordinator), signed_in(OfficerFactory())):
        for url in urls:
            codes = {client.get(url).status_code, client.post(url).status_code}
            assert codes <= {302, 403, 404, 405}, (url, codes)
