from django.urls import include, path

from reports import views

app_name = "reports"

urlpatterns = [
    path(
        "responses/<slug:iso3>/<slug:round_code>/",
        include(
            [
                path("report/", views.report_detail, name="report_detail"),
                path("report/panel/", views.report_panel, name="report_panel"),
                path("clearance/paper/", views.clearance_paper, name="clearance_paper"),
                path("report.pdf", views.report_pdf, name="report_pdf"),
                path("report.json", views.report_json, name="report_json"),
            ]
        ),
    ),
]
