#!/usr/bin/env python
"""Django's command line for the hub; `make manage ARGS="…"` calls it with the local environment."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError
    from psycopg_pool import PoolTimeout

    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, PoolTimeout) as error:
        if "--traceback" in sys.argv:
            raise
        reason = str(error).strip().partition("\n")[0]
        sys.exit(f"The database does not answer: {reason}")


if __name__ == "__main__":
    main()
