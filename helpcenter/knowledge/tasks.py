"""Background work of the help center."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from helpcenter.knowledge.models import AnswerMail, LinkCheck
from helpcenter.knowledge.services import feedback, links
from portal.core.services import jobs


@shared_task
def publish_scheduled() -> None:
    """Publish and withdraw what editors scheduled; Wagtail's own command, so its rules hold."""
    call_command("publish_scheduled")


@shared_task
def check_links() -> None:
    """Ask for the nightly check of links."""
    links.request_check(at=timezone.now())


@shared_task
def run_link_check(pk: int) -> None:
    """Find the links within the help center that lead nowhere."""
    jobs.perform(
        job_type=LinkCheck,
        pk=pk,
        outside=links.search,
        record=lambda job, found: links.record(job, found, at=timezone.now()),
    )


@shared_task
def mail_answer(pk: int) -> None:
    """Send an editor's answer to the reader who commented."""
    jobs.perform(job_type=AnswerMail, pk=pk, outside=feedback.mail)
