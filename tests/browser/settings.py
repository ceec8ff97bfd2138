"""Settings of the servers of the browser tests: a local trial with the real error pages."""

from assessment.settings import *  # noqa: F403

DEBUG = False
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
