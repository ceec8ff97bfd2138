from django.urls import include, path

from reports import bundle_views, pdf_views, review_views, views

app_name = "reports"

urlpatterns = [
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
                path("report.json", views.report_json, name="report_json"),
            ]
        ),
    ),
]
