from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from assessment.views import evidence, institutions, responses, rounds, sections, system

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

assessment_patterns: tuple[list[URLPattern | URLResolver], str] = (
    [
        path("", responses.home, name="home"),
        path("csrf/", system.csrf_token, name="csrf_token"),
        path("healthz", system.healthz, name="healthz"),
        path("readyz", system.readyz, name="readyz"),
        path("rounds/<slug:round_code>/", rounds.round_detail, name="round_detail"),
        path("rounds/<slug:round_code>/join/", rounds.round_join, name="round_join"),
        path("rounds/<slug:round_code>/open/", rounds.round_open, name="round_open"),
        path("rounds/<slug:round_code>/close/", rounds.round_close, name="round_close"),
        path(
            "responses/<slug:iso3>/<slug:round_code>/",
            include(
                [
                    path("", responses.response_detail, name="response_detail"),
                    path("answers", sections.answers_save, name="answers_save"),
                    path(
                        "sections/<slug:section_code>/",
                        sections.section_detail,
                        name="section_detail",
                    ),
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
                    path("check/", responses.response_check, name="response_check"),
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
