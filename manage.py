"""Command line of the portal. Joins the embedded servers where the environment names none."""

import sys

from django.core.management import execute_from_command_line

from portal import celery

if __name__ == "__main__":
    celery.prepare()
    execute_from_command_line(sys.argv)
