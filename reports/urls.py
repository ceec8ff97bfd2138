from django.urls import include, path, re_path

from reports import (
    bundle_views,
    pdf_views,
    plan_editing_views,
    plan_views,
    review_views,
    verify_views,
    views,
    what_if_views,
)
from reports.compare import synthesis_views
from reports.compare import views as compare_views

app_name = "reports"

compare_patterns = [
    path(
        "rounds/<slug:round_code>/compare/",
        compare_views.round_compare,
        name="round_compare",
    ),
    re_path(
        r"^rounds/(?P<round_code>[-\w]+)/compare/"
        r"(?P<table>scores|changes|distribution|policy-needs|sdg|recommendations)"
        r"\.(?P<ending>csv|xlsx)$",
        compare_views.compare_export,
        name="compare_export",
    ),
    path(
        "rounds/<slug:round_code>/synthesis.pdf",
        synthesis_views.round_synthesis,
        name="round_synthesis",
    ),
    path(
        "rounds/<slug:round_code>/synthesis/<int:pk>/",
        include(
            [
                path("", synthesis_views.synthesis_detail, name="synthesis_detail"),
                path(
                    "status", synthesis_views.synthesis_status, name="synthesis_status"
                ),
                path(
                    "restart/",
                    synthesis_views.synthesis_restart,
                    name="synthesis_restart",
                ),
                path(
                    "synthesis.pdf",
                    synthesis_views.synthesis_download,
                    name="synthesis_download",
                ),
            ]
        ),
    ),
    path(
        "regions/<slug:region_slug>/over-time/",
        compare_views.region_over_time,
        name="region_over_time",
    ),
    path(
        "responses/<slug:iso3>/<slug:round_code>/over-time/",
        compare_views.response_over_time,
        name="response_over_time",
    ),
    re_path(
        r"^regions/(?P<region_slug>[-\w]+)/"
        r"(?P<table>over-time|same-countries)\.(?P<ending>csv|xlsx)$",
        compare_views.region_over_time_export,
        name="region_over_time_export",
    ),
    re_path(
        r"^responses/(?P<iso3>[-\w]+)/(?P<round_code>[-\w]+)/"
        r"over-time\.(?P<ending>csv|xlsx)$",
        compare_views.response_over_time_export,
        name="response_over_time_export",
    ),
]

plan_patterns = [
    path("", plan_views.plan_detail, name="plan_detail"),
    path("add/", plan_editing_views.plan_add, name="plan_add"),
    path("own/", plan_editing_views.plan_own, name="plan_own"),
    path("carry/", plan_editing_views.plan_carry, name="plan_carry"),
    path("statuses/", plan_editing_views.plan_statuses, name="plan_statuses"),
    path("adopt/", plan_views.plan_adopt, name="plan_adopt"),
    path("history/", plan_views.plan_history, name="plan_history"),
    path("actions/<int:number>/", plan_editing_views.plan_action, name="plan_action"),
    path("actions/<int:number>/move/", plan_editing_views.plan_move, name="plan_move"),
    path(
        "actions/<int:number>/withdraw/",
        plan_editing_views.plan_withdraw,
        name="plan_withdraw",
    ),
    path(
        "actions/<int:number>/restore/",
        plan_editing_views.plan_restore,
        name="plan_restore",
    ),
]

urlpatterns = [
    *compare_patterns,
    path("verify/", verify_views.record_verify, name="record_verify"),
    path(
        "rounds/<slug:round_code>/reports/",
        include(
            [
                path("", bundle_views.bundle_list, name="bundle_list"),
                path("<int:pk>/", bundle_views.bundle_detail, name="bundle_detail"),
                path(
                    "<int:pk>/status", bundle_views.bundle_status, name="bundle_status"
                ),
                path(
                    "<int:pk>/restart/",
                    bundle_views.bundle_restart,
                    name="bundle_restart",
                ),
                path(
                    "<int:pk>/reports.zip",
                    bundle_views.bundle_download,
                    name="bundle_download",
                ),
            ]
        ),
    ),
    path(
        "responses/<slug:iso3>/<slug:round_code>/",
        include(
            [
                path("review/", review_views.review_detail, name="review_detail"),
                path("report/", views.report_detail, name="report_detail"),
                path("report/what-if/", what_if_views.what_if, name="what_if"),
                path("report/panel/", views.report_panel, name="report_panel"),
                path("clearance/paper/", views.clearance_paper, name="clearance_paper"),
                path("report/reviewed/", views.reviewed_panel, name="reviewed_panel"),
                path("report.pdf", pdf_views.report_pdf, name="report_pdf"),
                path("report/pdf/<int:pk>/", pdf_views.pdf_detail, name="pdf_detail"),
                path(
                    "report/pdf/<int:pk>/status",
                    pdf_views.pdf_status,
                    name="pdf_status",
                ),
                path(
                    "report/pdf/<int:pk>/restart/",
                    pdf_views.pdf_restart,
                    name="pdf_restart",
                ),
                path(
                    "report/pdf/<int:pk>/report.pdf",
                    pdf_views.pdf_download,
                    name="pdf_download",
                ),
                path("report.docx", views.report_docx, name="report_docx"),
                path("report.xlsx", views.report_xlsx, name="report_xlsx"),
                path("report.csv", views.report_csv, name="report_csv"),
                path("report.json", views.report_json, name="report_json"),
                path("plan/", include(plan_patterns)),
                path("plan.xlsx", plan_views.plan_xlsx, name="plan_xlsx"),
            ]
        ),
    ),
]
