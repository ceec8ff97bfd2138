"""Settings; whatever differs between installations comes from the environment.

Nothing set means local trial: SQLite in the checkout, DEBUG on, a secret generated into
`.env`. `DEBUG=0` is production mode, which refuses to start without a secret, hosts and
a database address. `.env.example` lists every variable.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)  # the process environment wins

DEBUG: bool = env.bool("DEBUG", True)


def _secret_key() -> str:
    """Return the secret; in the local trial make one and keep it in `.env`."""
    found: str = env.str("SECRET_KEY", "")
    if found:
        return found
    if not DEBUG:
        message = "Set SECRET_KEY (50 or more random characters); DEBUG=0 needs one."
        raise ImproperlyConfigured(message)
    made = secrets.token_urlsafe(50)
    with (BASE_DIR / ".env").open("a", encoding="utf-8") as file:
        file.write(f"SECRET_KEY={made}\n")
    return made


def _required_in_production(name: str, trial: str) -> str:
    value: str = env.str(name, "")
    if not value and not DEBUG:
        message = f"Set {name}; DEBUG=0 needs it. See .env.example."
        raise ImproperlyConfigured(message)
    return value or trial


SECRET_KEY = _secret_key()
_HOSTS = _required_in_production("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
ALLOWED_HOSTS = [host.strip() for host in _HOSTS.split(",")]


def _site_url() -> str:
    """Return where people reach the site: the links in e-mails begin with it."""
    found: str = env.str("SITE_URL", "") or (
        "http://127.0.0.1:8000" if DEBUG else f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
    )
    if "*" in found:
        message = "Set SITE_URL, such as https://assessment.example.org: the links in "
        raise ImproperlyConfigured(f"{message}e-mails begin with it.")
    return found.rstrip("/")


SITE_URL = _site_url()
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# How many proxies stand in front, each adding a hop to X-Forwarded-For. With one too many
# anybody could choose the address that the audit trail and the limits of sign-in see.
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "questionnaire",
    "assessment",
    "reports",
]

MIDDLEWARE = [
    "assessment.origin.OriginMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "assessment.persons.PersonMiddleware",
    "assessment.http.RefusalMiddleware",
]

ROOT_URLCONF = "assessment.urls"
WSGI_APPLICATION = "assessment.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "assessment.notice_page.unread_notices",
            ],
        },
    },
    {
        # Only for the cells of matrices: hundreds of them on a page (docs/adr).
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja2"],
        "OPTIONS": {"environment": "questionnaire.jinja.environment"},
    },
]

# Databases (contracts: saving). SQLite takes its write lock when a transaction begins,
# so that two saves never both read before either writes.


def _databases() -> dict[str, Any]:
    address = _required_in_production("DATABASE_URL", "sqlite:///db.sqlite3")
    env_url = Env()
    parsed: dict[str, Any] = dict(env_url.dj_db_url("DATABASE_URL", address))
    if parsed["ENGINE"] == "django.db.backends.sqlite3":
        name = str(parsed["NAME"])
        if name != ":memory:" and not Path(name).is_absolute():
            parsed["NAME"] = BASE_DIR / name
        parsed["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    parsed["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
    parsed["CONN_HEALTH_CHECKS"] = True
    return {"default": parsed}


DATABASES = _databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# People sign in by e-mail; nobody registers themselves.

AUTH_USER_MODEL = "assessment.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "assessment.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "assessment.accounts.display_name"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None  # asked at sign-in: many computers are shared
ACCOUNT_FORMS = {
    "login": "assessment.accounts.LoginForm",
    "reset_password": "assessment.accounts.ResetPasswordForm",
    "reset_password_from_key": "assessment.accounts.ResetPasswordKeyForm",
    "change_password": "assessment.accounts.ChangePasswordForm",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "assessment:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "assessment:home"
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]

# E-mail

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if env.str("EMAIL_URL", ""):
    _email = env.dj_email_url("EMAIL_URL")
    EMAIL_BACKEND = _email["EMAIL_BACKEND"]
    EMAIL_HOST = _email["EMAIL_HOST"]
    EMAIL_PORT = _email["EMAIL_PORT"]
    EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
    EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
    EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 20  # seconds; a silent mail server must not hold a request for ever
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "assessment@localhost")

# Languages. A language is offered once its texts exist: see docs/architecture.md.

_ALL_LANGUAGES = {
    "ar": _("Arabic"),
    "zh-hans": _("Chinese"),
    "en": _("English"),
    "fr": _("French"),
    "ru": _("Russian"),
    "es": _("Spanish"),
}
LANGUAGE_CODE = "en"
LANGUAGES = [(code, _ALL_LANGUAGES[code]) for code in env.list("LANGUAGES", ["en"])]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# Static files

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Fonts and source maps gain little from compression and take a minute of it.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    *Compressor.SKIP_COMPRESS_EXTENSIONS,
    "ttf",
    "map",
)

# Evidence files. No URL leads here: a view sends them to those who may read them.

MEDIA_ROOT: str = env.str("MEDIA_ROOT", str(BASE_DIR / "media"))
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750

# Forms and saving

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
DATA_UPLOAD_MAX_NUMBER_FIELDS = (
    5000  # the largest section, every box of every list ticked
)
FILE_UPLOAD_HANDLERS = [
    "assessment.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
EVIDENCE_MAX_BYTES: int = env.int("EVIDENCE_MAX_BYTES", 10 * 1024 * 1024)

# Whose site it is, and the logo for the covers of its reports (reports.logo).
INSTALLATION_NAME: str = env.str("INSTALLATION_NAME", "")
REPORT_LOGO: str = env.str("REPORT_LOGO", "")
ANSWERS_MAX_BYTES = 1024 * 1024
ANSWERS_MAX_CHANGES = 500
# How often an open page asks for what others changed, in milliseconds; 0 is never.
LIVE_POLL_MS: int = env.int("LIVE_POLL_MS", 10_000)

# Invitations into a country's team

INVITATION_DAYS = 14
INVITATIONS_MAX_OPEN = env.int("INVITATIONS_MAX_OPEN", 50)

# Background work: at once in the local trial, by workers in production, which find it in
# the database (`manage.py db_worker`).

_TASK_BACKENDS = {
    "immediate": "django_tasks.backends.immediate.ImmediateBackend",
    "database": "django_tasks_db.DatabaseBackend",
}
TASKS_RUN: str = env.str("TASKS_RUN", "immediate" if DEBUG else "database")
if TASKS_RUN not in _TASK_BACKENDS:
    _unknown = f"TASKS_RUN is {TASKS_RUN!r}; it can be {' or '.join(_TASK_BACKENDS)}."
    raise ImproperlyConfigured(_unknown)
TASKS = {"default": {"BACKEND": _TASK_BACKENDS[TASKS_RUN]}}

# Whether reports are rendered as soon as answers are submitted or accepted.
REPORTS_AHEAD: bool = env.bool("REPORTS_AHEAD", True)

# Security. No page refers to another host and nothing is inline.

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "assessment.http.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if not DEBUG:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"
        }
    },
    "filters": {"request": {"()": "assessment.origin.RequestIdFilter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
    },
}

# Demonstration data: illustrative answers and accounts, never in production.

DEMO_ALLOWED = DEBUG
