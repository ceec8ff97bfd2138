"""The project's settings as in production, on loopback and with the demonstration data.

`bench.server` sets the environment. DEBUG=1 while the project's settings are read allows
the demonstration and plain HTTP; everything measured then runs with DEBUG off.
"""

import os

if not os.environ.get("BENCH_DATABASE_URL"):
    message = "bench.settings needs the temporary database of `python -m bench`"
    raise RuntimeError(message)
os.environ["DATABASE_URL"] = os.environ["BENCH_DATABASE_URL"]
os.environ["SECRET_KEY"] = "bench-only-" + "x" * 50
os.environ["DEBUG"] = "1"
os.environ["LOG_LEVEL"] = "WARNING"
os.environ["REPORTS_AHEAD"] = "0"

from assessment.settings import *  # noqa: F403
from assessment.settings import BASE_DIR

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.urls"
STATICFILES_DIRS = []
STATIC_ROOT = BASE_DIR / "static"
