"""The audit trail, which the database itself keeps from being changed or emptied.

A later migration that remakes the table on SQLite loses its triggers: let it end with
`migrations.RunPython(install, remove)` of this one. `manage.py verify` misses them.
"""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "assessment_auditevent"
REFUSAL = "the audit trail is append-only"

INSTALL = {
    "postgresql": [
        f"""
        CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION '{REFUSAL}'; END
        $$ LANGUAGE plpgsql
        """,
        f"""
        CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()
        """,
        f"""
        CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()
        """,
    ],
    "sqlite": [
        f"""
        CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
        """,
        f"""
        CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
        """,
        f"""
        CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON {TABLE}
        WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
        """,
    ],
}
REMOVE = {
    "postgresql": [
        f"DROP TRIGGER audit_event_no_change ON {TABLE}",
        f"DROP TRIGGER audit_event_no_truncate ON {TABLE}",
        "DROP FUNCTION audit_event_refuse()",
    ],
    "sqlite": [
        "DROP TRIGGER audit_event_no_update",
        "DROP TRIGGER audit_event_no_delete",
        "DROP TRIGGER audit_event_no_replace",
    ],
}


def install(apps, schema_editor):
    for statement in INSTALL[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0010_reviewed_values")]

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("actor_name", models.CharField(blank=True, max_length=254, verbose_name="name at that time")),
                ("action", models.CharField(max_length=40, verbose_name="action")),
                ("subject", models.CharField(blank=True, max_length=300, verbose_name="subject")),
                ("detail", models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="detail")),
                ("ip", models.GenericIPAddressField(blank=True, null=True, verbose_name="address")),
                ("request_id", models.CharField(blank=True, max_length=64, verbose_name="request")),
                ("actor", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="by")),
                ("country", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assessment.country", verbose_name="country")),
                ("response", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assessment.response", verbose_name="response")),
                ("round", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assessment.round", verbose_name="round")),
            ],
            options={
                "verbose_name": "event of the audit trail",
                "verbose_name_plural": "events of the audit trail",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["at", "id"], name="audit_event_by_time"),
                    models.Index(fields=["request_id"], name="audit_event_by_request"),
                ],
            },
        ),
        migrations.AddField(
            model_name="answerrevision",
            name="ip",
            field=models.GenericIPAddressField(blank=True, null=True, verbose_name="address"),
        ),
        migrations.AddField(
            model_name="answerrevision",
            name="request_id",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="request"),
        ),
        migrations.AddIndex(
            model_name="answerrevision",
            index=models.Index(fields=["changed_at", "id"], name="answer_revision_by_time"),
        ),
        migrations.RunPython(install, remove),
    ]
