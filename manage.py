#!/usr/bin/env python
"""Django's command-line utility for the assessment."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assessment.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
    if "weasyprint" in sys.modules:
        # A thread of the native text libraries sometimes outlives them and crashes a
        # process that has done its work: end without their tear-down.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    main()
