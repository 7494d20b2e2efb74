"""Facts that apps above may hear of: signals sent inside the transaction of what happened.

Each has `assignment` and `at`.
"""

from django.dispatch import Signal

assignment_ended = Signal()
