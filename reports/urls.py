from django.urls import include, path, re_path

from reports import bundle_views, review_views, views
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
        r"(?P<table>scores|distribution|policy-needs|sdg|recommendations)"
        r"\.(?P<ending>csv|xlsx)$",
        compare_views.compare_export,
        name="compare_export",
    ),
    path(
        "rounds/<slug:round_code>/synthesis.pdf",
        compare_views.round_synthesis,
        name="round_synthesis",
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
]

urlpatterns = [
    *compare_patterns,
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
                path("report/panel/", views.report_panel, name="report_panel"),
                path("clearance/paper/", views.clearance_paper, name="clearance_paper"),
                path("report/reviewed/", views.reviewed_panel, name="reviewed_panel"),
                path("report.pdf", views.report_pdf, name="report_pdf"),
                path("report.json", views.report_json, name="report_json"),
            ]
        ),
    ),
]
