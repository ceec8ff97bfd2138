from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from assessment.views import (
    audit,
    clearance,
    commenting,
    comments,
    compare,
    delegations,
    dissent,
    evidence,
    following,
    history,
    institutions,
    invitations,
    live,
    notices,
    offline,
    responses,
    reviewed,
    rounds,
    sections,
    system,
    teams,
)

delegation_patterns = [
    path("", delegations.delegation_list, name="delegation_list"),
    path("mode/", delegations.team_switch, name="team_switch"),
    path(
        "<int:pk>/withdraw/",
        delegations.delegation_withdraw,
        name="delegation_withdraw",
    ),
    path("<int:pk>/remind/", delegations.delegation_nudge, name="delegation_nudge"),
    path("<int:pk>/done/", delegations.delegation_done, name="delegation_done"),
    path("<int:pk>/reopen/", delegations.delegation_reopen, name="delegation_reopen"),
    path(
        "<int:pk>/hand-back/",
        delegations.delegation_hand_back,
        name="delegation_hand_back",
    ),
]

team_patterns = [
    path("", teams.team_detail, name="team_detail"),
    path("invitations/", teams.invitation_create, name="invitation_create"),
    path(
        "invitations/<int:pk>/resend/",
        teams.invitation_resend,
        name="invitation_resend",
    ),
    path(
        "invitations/<int:pk>/revoke/",
        teams.invitation_revoke,
        name="invitation_revoke",
    ),
    path("people/<int:pk>/", teams.member_detail, name="member_detail"),
    path(
        "people/<int:pk>/deactivate/",
        teams.member_deactivate,
        name="member_deactivate",
    ),
    path(
        "people/<int:pk>/reactivate/",
        teams.member_reactivate,
        name="member_reactivate",
    ),
    path("hand-over/", teams.coordinator_hand_over, name="coordinator_hand_over"),
]

clearance_patterns = [
    path("", clearance.clearance_detail, name="clearance_detail"),
    path("concur/", clearance.clearance_concur, name="clearance_concur"),
    path("<int:pk>/withdraw/", clearance.clearance_withdraw, name="clearance_withdraw"),
]

institution_patterns: list[URLPattern | URLResolver] = [
    path("", institutions.institution_list, name="institution_list"),
    path("add/", institutions.institution_add, name="institution_add"),
    path("adopt/", institutions.institution_adopt, name="institution_adopt"),
    path(
        "holdings.csv", institutions.institution_holdings, name="institution_holdings"
    ),
    path("<int:pk>/", institutions.institution_edit, name="institution_edit"),
    path("<int:pk>/merge/", institutions.institution_merge, name="institution_merge"),
]

comment_patterns = [
    path("", comments.comment_list, name="comment_list"),
    path("at/<str:place>/", comments.comments_at, name="comments_at"),
    path("at/<str:place>/open/", commenting.comment_open, name="comment_open"),
    path("at/<str:place>/note/", commenting.note_write, name="note_write"),
    path("<int:pk>/reply/", commenting.comment_reply, name="comment_reply"),
    path("<int:pk>/resolve/", commenting.comment_resolve, name="comment_resolve"),
    path("<int:pk>/reopen/", commenting.comment_reopen, name="comment_reopen"),
    path(
        "said/<int:pk>/withdraw/", commenting.comment_withdraw, name="comment_withdraw"
    ),
    path("notes/<int:pk>/withdraw/", commenting.note_withdraw, name="note_withdraw"),
]

notification_patterns = [
    path("", notices.notification_list, name="notification_list"),
    path("read/", notices.notification_read_all, name="notification_read_all"),
    path("settings/", notices.notification_settings, name="notification_settings"),
    path(
        "unsubscribe/<str:token>/",
        notices.notification_unsubscribe,
        name="notification_unsubscribe",
    ),
    path("<int:pk>/", notices.notification_open, name="notification_open"),
]

assessment_patterns: tuple[list[URLPattern | URLResolver], str] = (
    [
        path("", responses.home, name="home"),
        path("csrf/", system.csrf_token, name="csrf_token"),
        path("offline/", offline.offline, name="offline"),
        path("service-worker.js", offline.service_worker, name="service_worker"),
        path("healthz", system.healthz, name="healthz"),
        path("readyz", system.readyz, name="readyz"),
        path(
            "invitations/<str:token>/",
            invitations.invitation_detail,
            name="invitation_detail",
        ),
        path("audit/", audit.audit_list, name="audit_list"),
        path("audit.csv", audit.audit_csv, name="audit_csv"),
        path("audit.jsonl", audit.audit_jsonl, name="audit_jsonl"),
        path("notifications/", include(notification_patterns)),
        path("rounds/<slug:round_code>/", rounds.round_detail, name="round_detail"),
        path(
            "rounds/<slug:round_code>/progress/",
            rounds.round_progress,
            name="round_progress",
        ),
        path(
            "rounds/<slug:round_code>/assign/",
            following.round_assign,
            name="round_assign",
        ),
        path(
            "rounds/<slug:round_code>/remind/",
            following.round_remind,
            name="round_remind",
        ),
        re_path(
            r"^rounds/(?P<round_code>[-\w]+)/countries\.(?P<ending>csv|xlsx)$",
            following.round_export,
            name="round_export",
        ),
        path("rounds/<slug:round_code>/join/", rounds.round_join, name="round_join"),
        path("rounds/<slug:round_code>/open/", rounds.round_open, name="round_open"),
        path("rounds/<slug:round_code>/close/", rounds.round_close, name="round_close"),
        path(
            "responses/<slug:iso3>/<slug:round_code>/",
            include(
                [
                    path("", responses.response_detail, name="response_detail"),
                    path("answers", sections.answers_save, name="answers_save"),
                    path("changes", live.change_list, name="change_list"),
                    path("leave", live.presence_leave, name="presence_leave"),
                    path(
                        "revisions/<int:revision>",
                        live.revision_detail,
                        name="revision_detail",
                    ),
                    path(
                        "sections/<slug:section_code>/",
                        sections.section_detail,
                        name="section_detail",
                    ),
                    path(
                        "sections/<slug:section_code>/checks",
                        sections.section_checks,
                        name="section_checks",
                    ),
                    path("team/", include(team_patterns)),
                    path("team/delegations/", include(delegation_patterns)),
                    path("team/institutions/", include(institution_patterns)),
                    path(
                        "evidence/files/<int:pk>/",
                        evidence.evidence_download,
                        name="evidence_download",
                    ),
                    path(
                        "evidence/<slug:question_code>/",
                        evidence.evidence_detail,
                        name="evidence_detail",
                    ),
                    path("comments/", include(comment_patterns)),
                    path("check/", responses.response_check, name="response_check"),
                    path("clearance/", include(clearance_patterns)),
                    path("history/", history.history_list, name="history_list"),
                    path(
                        "history/restore/",
                        history.history_restore,
                        name="history_restore",
                    ),
                    path("history.csv", history.history_export, name="history_export"),
                    path(
                        "compare/",
                        compare.submission_compare,
                        name="submission_compare",
                    ),
                    path("compare.csv", compare.compare_export, name="compare_export"),
                    path("views/", dissent.dissent_list, name="dissent_list"),
                    path(
                        "views/record/", dissent.dissent_record, name="dissent_record"
                    ),
                    path("views/print/", dissent.dissent_print, name="dissent_print"),
                    path(
                        "views/<int:view_id>/withdraw/",
                        dissent.dissent_withdraw,
                        name="dissent_withdraw",
                    ),
                    path(
                        "views/<int:view_id>/adopt/",
                        dissent.dissent_adopt,
                        name="dissent_adopt",
                    ),
                    path("reviewed/", reviewed.reviewed_list, name="reviewed_list"),
                    path("reviewed/set/", reviewed.reviewed_set, name="reviewed_set"),
                    path(
                        "reviewed/<int:reviewed_id>/withdraw/",
                        reviewed.reviewed_withdraw,
                        name="reviewed_withdraw",
                    ),
                    path("submit/", responses.response_submit, name="response_submit"),
                    path(
                        "withdraw/",
                        responses.response_withdraw,
                        name="response_withdraw",
                    ),
                    path("return/", responses.response_return, name="response_return"),
                    path("accept/", responses.response_accept, name="response_accept"),
                    path("reopen/", responses.response_reopen, name="response_reopen"),
                ]
            ),
        ),
    ],
    "assessment",
)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/email/", system.not_offered),
    path("accounts/", include("allauth.account.urls")),
    path("", include(assessment_patterns)),
    path("", include("reports.urls")),
]
