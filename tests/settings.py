"""Settings of the tests: SQLite unless the process says otherwise, `.env` never."""

import os

_DATABASE_URL = os.environ.get("DATABASE_URL", "")
os.environ["DATABASE_URL"] = _DATABASE_URL or "sqlite:///test.sqlite3"
os.environ["SECRET_KEY"] = "tests-only-" + "x" * 50
os.environ["DEBUG"] = "1"
os.environ["REPORTS_AHEAD"] = "0"  # by processes that know nothing of a test's database
os.environ["MEDIA_ROOT"] = "/nonexistent"  # a test that keeps files has its own folder

from assessment.settings import *  # noqa: E402, F403
from assessment.settings import DATABASES  # noqa: E402

DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if not _DATABASE_URL:
    DATABASES["default"]["TEST"] = {"NAME": None}
WHITENOISE_AUTOREFRESH = True
