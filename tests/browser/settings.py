"""Settings of the servers of the browser tests: a local trial with the real error pages."""

import os

from assessment.settings import *  # noqa: F403

DEBUG = False
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# A browser keeps style sheets and scripts while it has a page open, as it does in
# production, where their names change with them: a third of the work of the next page.
WHITENOISE_MAX_AGE = int(os.environ.get("STATIC_MAX_AGE", "3600"))
