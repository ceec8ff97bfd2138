"""Setting up people and rounds. The admin never writes answers or instruments."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest

from assessment.models import Country, Membership, Round, User
from assessment.services.teams import add_member

# Nothing is deleted, and the log of a deletion of many at once says nothing to the audit.
admin.site.disable_action("delete_selected")
# One way to sign in: with its limits against guessing, and closed to system accounts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def _plain(value: Any) -> str:
    return "" if value is None else str(getattr(value, "pk", value))


class MembershipInline(admin.TabularInline[Membership, User]):
    """Adds people to countries; the team page of a country changes and deactivates."""

    model = Membership
    extra = 1
    fields = ["country", "role", "is_active"]
    readonly_fields = ["is_active"]
    autocomplete_fields = ["country"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Kept(admin.ModelAdmin[Any]):
    """Nothing is deleted: people are deactivated, rounds closed."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Say the values too: the audit trail takes them from the log."""
        said = super().construct_change_message(request, form, formsets, add)
        values = {
            name: [_plain(form.initial.get(name)), _plain(form.cleaned_data[name])]
            for name in form.changed_data
        }
        return [*said, {"values": values}]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(Kept):
    fields = ["email", "name", "unsd_role", "is_active"]
    list_display = ["email", "name", "unsd_role", "is_active"]
    list_filter = ["unsd_role", "is_active"]
    search_fields = ["email", "name"]
    inlines = [MembershipInline]

    def save_formset(
        self, request: HttpRequest, form: Any, formset: Any, change: bool
    ) -> None:
        """Let the service add memberships: it logs them in the team."""
        for new in formset.save(commit=False):
            add_member(
                user=new.user,
                country=new.country,
                role=new.role,
                by=cast(User, request.user),
            )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(is_system=False)


@admin.register(Country)
class CountryAdmin(Kept):
    list_display = ["name", "iso3", "m49", "region", "subregion"]
    list_filter = ["region"]
    search_fields = ["name", "iso3"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Round)
class RoundAdmin(Kept):
    fields = [
        "code", "title", "year", "questionnaire", "opens_on", "closes_on", "is_illustrative",
        "asks_for_clearance",
    ]  # fmt: skip
    list_display = ["code", "title", "year", "questionnaire", "opens_on", "closes_on"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Round | None = None
    ) -> list[str]:
        opened = obj is not None and obj.opened_at is not None
        return ["code", "questionnaire", "year"] if opened else []
