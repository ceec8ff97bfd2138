"""People and countries."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assessment.compiled import Compiled, given


class CountryManager(models.Manager["Country"]):
    def get_by_natural_key(self, iso3: str) -> Country:
        return self.get(iso3=iso3)


class Country(models.Model):
    """A country or area of the M49 standard; Antarctica has no region."""

    iso3 = models.CharField(_("ISO alpha-3 code"), max_length=3, unique=True)
    iso2 = models.CharField(_("ISO alpha-2 code"), max_length=2, unique=True)
    m49 = models.CharField(_("M49 code"), max_length=3, unique=True)
    name = models.CharField(_("name"), max_length=100)
    region_code = models.CharField(_("region code"), max_length=3, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    subregion_code = models.CharField(_("sub-region code"), max_length=3, blank=True)
    subregion = models.CharField(_("sub-region"), max_length=60, blank=True)
    intermediate_code = models.CharField(
        _("intermediate region code"), max_length=3, blank=True
    )
    intermediate_region = models.CharField(
        _("intermediate region"), max_length=60, blank=True
    )

    objects = CountryManager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("country or area")
        verbose_name_plural = _("countries and areas")

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.iso3,)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        """Create a person who can sign in; without a password they cannot yet."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        """Create a UNSD administrator: what `manage.py createsuperuser` makes."""
        fields["unsd_role"] = User.UnsdRole.ADMINISTRATOR
        return self.create_user(email, password, **fields)


class User(AbstractBaseUser):
    """A person who signs in by e-mail, or the system itself (`is_system`)."""

    class UnsdRole(models.TextChoices):
        NONE = "", _("None")
        OFFICER = "officer", _("Officer")
        ADMINISTRATOR = "administrator", _("Administrator")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    unsd_role = models.CharField(
        _("role at UNSD"), max_length=20, choices=UnsdRole, blank=True
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_system = models.BooleanField(_("system account"), default=False)
    language = models.CharField(
        _("language of e-mails"),
        max_length=12,
        blank=True,
        help_text=_("Blank is the language of the site."),
    )
    date_joined = models.DateTimeField(_("joined"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Keep the address in small letters: the sign-in looks for it so."""
        super().clean()
        self.email = self.email.lower()

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether the admin site opens: for UNSD administrators only."""
        return self.unsd_role == self.UnsdRole.ADMINISTRATOR

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff

    @cached_property
    def country_roles(self) -> dict[int, str]:
        """Role by country id, active memberships only. One query a request."""
        return dict(_ROLES.rows(user=self.pk))

    @cached_property
    def told_roles(self) -> dict[int, str]:
        """Roles by country id that came with another query; empty text is none."""
        return {}

    @cached_property
    def told_unread(self) -> list[int]:
        """Return the number of unread notices, if it came with another query; else empty."""
        return []

    def role_in(self, country_id: int) -> str:
        """Return the active role in a country or an empty text. At most one query."""
        if country_id in self.told_roles:
            return self.told_roles[country_id]
        return self.country_roles.get(country_id, "")


_ROLES = Compiled(
    lambda: (
        Membership.objects.filter(user=given("user"), is_active=True)
        .order_by()
        .values_list("country", "role")
    )
)


class Membership(models.Model):
    """A person's role in a country. People are deactivated, not deleted."""

    class Role(models.TextChoices):
        CONTRIBUTOR = "contributor", _("Contributor")
        COORDINATOR = "coordinator", _("Coordinator")
        OBSERVER = "observer", _("Observer")

    user = models.ForeignKey(
        User, models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    country = models.ForeignKey(
        Country, models.PROTECT, related_name="memberships", verbose_name=_("country")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["country", "user"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "country"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.country} ({self.get_role_display()})"
