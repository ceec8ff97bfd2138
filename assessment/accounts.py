"""How people sign in: django-allauth, by e-mail, without self-registration."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from crispy_forms.helper import FormHelper
from django.http import HttpRequest

from assessment.audit import record
from assessment.models import AuditAction, User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from invitations and administrators, never from a sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Refuse the account in whose name imports are written: it is nobody's."""
        user: User | None = super().authenticate(request, **credentials)
        if user is not None and user.is_system:
            record(AuditAction.ACCOUNT_SIGN_IN_FAILED, by=None, subject=user.email)
            return None
        return user


def display_name(user: User) -> str:
    return str(user)


class _Laid:
    """Adds crispy's layout to a form of allauth; templates print the form tag."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class LoginForm(_Laid, forms.LoginForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(_Laid, forms.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(_Laid, forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(_Laid, forms.ChangePasswordForm):  # type: ignore[misc]
    pass
