"""The row is the job: nothing is lost, and nothing recorded twice, wherever a process dies."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event
from time import sleep

import pytest
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from portal.core.services import jobs
from portal.core.services.jobs import LeaseLost
from portal.core.tasks import sweep_jobs
from tests.portal.core.sample.models import Chore
from tests.portal.core.sample.tasks import do_chore, record
from tests.portal.core.threads import race

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
State = Chore.State


class Killed(BaseException):
    """Ends the process where it is raised: nothing below catches it."""


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """Keys put on the queue, which no worker reads."""
    keys: list[int] = []
    monkeypatch.setattr(do_chore, "apply_async", lambda args, kwargs, **options: keys.append(args[0]))
    return keys


@pytest.fixture
def worker(monkeypatch) -> None:
    """A worker that does each task as soon as it is sent."""
    monkeypatch.setitem(current_app.conf, "task_always_eager", True)


def queued(**fields) -> Chore:
    return Chore.objects.create(**{"available_at": AT, **fields})


def facts(chore: Chore) -> tuple[str, int, int]:
    chore.refresh_from_db()
    return chore.state, chore.attempts, chore.effects


@pytest.mark.django_db
class TestEnqueue:
    def test_job_is_sent_when_its_transaction_commits(self, sent, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            chore = jobs.enqueue(job=Chore(available_at=AT), at=AT)
            assert sent == []
        assert sent == [chore.pk]
        assert (facts(chore), chore.queued_at) == (("queued", 0, 0), AT)

    def test_job_of_a_rolled_back_transaction_never_was(self, sent, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            jobs.enqueue(job=Chore(available_at=AT), at=AT)
            transaction.set_rollback(True)
        assert (sent, Chore.objects.count()) == ([], 0)

    def test_job_for_later_is_sent_by_the_sweeper_when_its_time_comes(self, sent, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            chore = jobs.enqueue(job=Chore(available_at=AT + MINUTE), at=AT)
            assert jobs.sweep(at=AT + MINUTE - SECOND) == 0
        assert sent == []
        with django_capture_on_commit_callbacks(execute=True):
            assert jobs.sweep(at=AT + MINUTE) == 1
        assert sent == [chore.pk]

    def test_broker_that_is_away_does_not_fail_the_request(self, monkeypatch, django_capture_on_commit_callbacks):
        def refuse(*args, **kwargs):
            raise ConnectionError

        monkeypatch.setattr(do_chore, "apply_async", refuse)
        with django_capture_on_commit_callbacks(execute=True):
            chore = jobs.enqueue(job=Chore(available_at=AT), at=AT)
        assert facts(chore) == ("queued", 0, 0)


@pytest.mark.django_db
class TestPerform:
    @pytest.mark.usefixtures("worker")
    def test_job_goes_from_request_to_done(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            chore = jobs.enqueue(job=Chore(), at=timezone.now())
        assert facts(chore) == ("done", 1, 1)
        assert chore.finished_at is not None
        assert chore.lease_ends_at is None

    def test_message_that_comes_twice_does_no_harm(self):
        chore = queued()
        assert [jobs.perform(job_type=Chore, pk=chore.pk, record=record) for _ in range(3)] == [True, False, False]
        assert facts(chore) == ("done", 1, 1)

    def test_message_without_a_row_is_ignored(self):
        assert jobs.perform(job_type=Chore, pk=0, record=record) is False

    def test_outcome_of_the_call_outside_is_recorded(self):
        chore, seen = queued(), []
        jobs.perform(
            job_type=Chore,
            pk=chore.pk,
            outside=lambda job: f"sent {job.pk}",
            record=lambda job, outcome: seen.append(outcome),
        )
        assert seen == [f"sent {chore.pk}"]
        assert facts(chore) == ("done", 1, 0)

    def test_failure_is_written_down_and_tried_again_later(self):
        chore = queued()
        before = timezone.now()
        jobs.perform(job_type=Chore, pk=chore.pk, outside=lambda job: 1 / 0, record=record)
        assert facts(chore) == ("queued", 1, 0)
        assert chore.error == "ZeroDivisionError: division by zero"
        assert before + 15 * SECOND <= chore.available_at <= timezone.now() + 15 * SECOND
        assert jobs.perform(job_type=Chore, pk=chore.pk, record=record) is False, "not before its time"

    def test_record_that_fails_is_undone(self):
        def record_and_break(job, outcome):
            record(job, outcome)
            raise RuntimeError("full")

        chore = queued()
        jobs.perform(job_type=Chore, pk=chore.pk, record=record_and_break)
        assert (facts(chore), chore.error) == (("queued", 1, 0), "RuntimeError: full")

    def test_last_attempt_that_fails_ends_the_job(self):
        chore = queued(attempts=2)
        jobs.perform(job_type=Chore, pk=chore.pk, outside=lambda job: 1 / 0)
        assert facts(chore) == ("failed", 3, 0)
        assert chore.finished_at is not None

    def test_waits_double(self):
        chore = queued()
        waits = []
        for attempts in (1, 2):
            Chore.objects.filter(pk=chore.pk).update(state=State.RUNNING, attempts=attempts)
            chore.refresh_from_db()
            jobs.fail(job=chore, error="no", at=AT)
            chore.refresh_from_db()
            waits.append(chore.available_at - AT)
        assert waits == [15 * SECOND, 30 * SECOND]


def die(job, outcome=None):
    """Do the work, and be killed before the transaction ends."""
    record(job, outcome)
    raise Killed


@pytest.mark.django_db
class TestCrash:
    def test_worker_killed_before_the_commit_leaves_a_job_that_is_done_once(self, sent):
        chore = queued()
        with pytest.raises(Killed):
            jobs.perform(job_type=Chore, pk=chore.pk, outside=lambda job: None, record=die)
        assert facts(chore) == ("running", 1, 0)
        lease_ends_at = chore.lease_ends_at

        jobs.sweep(at=lease_ends_at - SECOND)
        assert facts(chore) == ("running", 1, 0)
        jobs.sweep(at=lease_ends_at)
        assert facts(chore) == ("queued", 1, 0)
        assert chore.error == "The worker stopped in the middle."

        Chore.objects.update(available_at=AT)
        assert jobs.perform(job_type=Chore, pk=chore.pk, record=record) is True
        assert facts(chore) == ("done", 2, 1)

    def test_job_that_is_one_transaction_is_free_when_its_worker_is_killed(self, sent):
        chore = queued()
        with pytest.raises(Killed):
            jobs.perform(job_type=Chore, pk=chore.pk, record=die)
        assert facts(chore) == ("queued", 1, 0)
        assert chore.available_at - timezone.now() <= SECOND, "whoever counted the attempt was about to lock it"
        Chore.objects.update(available_at=AT)
        assert jobs.perform(job_type=Chore, pk=chore.pk, record=record) is True
        assert facts(chore) == ("done", 2, 1)

    def test_job_that_is_one_transaction_and_kills_each_worker_is_given_up_and_can_be_tried_again(self):
        chore, other = queued(), queued(available_at=AT + SECOND)
        for _ in range(Chore.most_attempts):
            with pytest.raises(Killed):
                jobs.perform(job_type=Chore, pk=chore.pk, record=die)
            Chore.objects.filter(pk=chore.pk).update(available_at=AT)
        assert facts(chore) == ("queued", Chore.most_attempts, 0)
        assert jobs.perform_next(rows=Chore.objects.all(), record=record) is True
        assert (facts(chore), chore.error) == (("failed", 3, 0), "The worker stopped in the middle.")
        assert facts(other) == ("done", 1, 1)
        assert jobs.perform_next(rows=Chore.objects.all(), record=record) is False
        assert (jobs.retry(rows=Chore.objects.all(), at=AT), jobs.retry(rows=Chore.objects.all(), at=AT)) == (1, 0)
        assert jobs.perform_next(rows=Chore.objects.all(), record=record) is True
        assert (facts(chore), facts(other)) == (("done", 1, 1), ("done", 1, 1))

    def test_worker_that_was_overtaken_after_it_counted_does_nothing(self, monkeypatch):
        chore = queued()
        real = jobs._take

        def sleep(job, at):
            Chore.objects.filter(pk=chore.pk).update(attempts=2)
            return real(job, at)

        monkeypatch.setattr(jobs, "_take", sleep)
        assert jobs.perform(job_type=Chore, pk=chore.pk, record=record) is True
        assert facts(chore) == ("queued", 2, 0)

    def test_jobs_of_which_thousands_may_wait_are_asked_for_by_one_message(
        self, sent, monkeypatch, django_capture_on_commit_callbacks
    ):
        drained = []
        monkeypatch.setattr(Chore, "drain", do_chore.name)
        monkeypatch.setattr(do_chore, "apply_async", lambda args, kwargs, **options: drained.append(args))
        with django_capture_on_commit_callbacks(execute=True):
            assert jobs.sweep(at=AT) == 0
            for _ in range(3):
                queued()
            assert [jobs.sweep(at=AT) for _ in range(2)] == [1, 1]
        assert drained == [(), ()]

    def test_worker_that_is_at_such_jobs_is_not_called_again(
        self, sent, monkeypatch, django_capture_on_commit_callbacks
    ):
        drained = []
        monkeypatch.setattr(Chore, "drain", do_chore.name)
        monkeypatch.setattr(do_chore, "apply_async", lambda args, kwargs, **options: drained.append(options["expires"]))
        queued()
        taken = jobs.claim(job_type=Chore, pk=queued().pk, at=AT)
        with django_capture_on_commit_callbacks(execute=True):
            assert jobs.sweep(at=AT + timedelta(seconds=59)) == 0
            # A minute later it may be dead, though its lease is not over.
            assert taken.lease_ends_at > AT + timedelta(seconds=60)
            assert jobs.sweep(at=AT + timedelta(seconds=60)) == 1
        assert drained == [60.0]

    def test_job_that_kills_each_worker_is_given_up(self):
        chore = queued(attempts=3, state=State.RUNNING, lease_ends_at=AT)
        jobs.sweep(at=AT)
        assert facts(chore) == ("failed", 3, 0)

    def test_message_lost_by_the_broker_is_sent_again_after_a_minute(self, sent, django_capture_on_commit_callbacks):
        chore = queued(queued_at=AT)
        with django_capture_on_commit_callbacks(execute=True):
            assert jobs.sweep(at=AT + MINUTE - SECOND) == 0
            assert jobs.sweep(at=AT + MINUTE) == 1
            assert jobs.sweep(at=AT + MINUTE + SECOND) == 0, "it is on its way"
        assert sent == [chore.pk]

    @pytest.mark.parametrize("state", [State.DONE, State.FAILED])
    def test_ended_jobs_are_left_alone(self, sent, state, django_capture_on_commit_callbacks):
        queued(state=state)
        with django_capture_on_commit_callbacks(execute=True):
            assert jobs.sweep(at=AT + timedelta(days=9)) == 0
        assert sent == []

    @pytest.mark.usefixtures("worker")
    def test_sweeping_task_does_what_is_due(self, django_capture_on_commit_callbacks):
        chore = queued()
        with django_capture_on_commit_callbacks(execute=True):
            sweep_jobs()
        assert facts(chore) == ("done", 1, 1)

    @pytest.mark.parametrize("breaks", [False, True])
    def test_worker_that_outlived_its_lease_records_nothing(self, breaks):
        def slowly(job):
            Chore.objects.filter(pk=job.pk).update(attempts=2)  # as the next worker's claim does
            if breaks:
                raise RuntimeError

        chore = queued()
        jobs.perform(job_type=Chore, pk=chore.pk, outside=slowly, record=record)
        assert facts(chore) == ("running", 2, 0)
        assert chore.error == ""

    def test_end_of_a_job_that_is_somebody_elses_is_refused(self):
        chore = queued(state=State.RUNNING, attempts=2)
        with pytest.raises(LeaseLost):
            jobs.finish(job=Chore(pk=chore.pk, attempts=1), at=AT)
        assert facts(chore) == ("running", 2, 0)


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_gets_the_job():
    chore = queued()
    done = race(lambda _number: jobs.perform(job_type=Chore, pk=chore.pk, record=record), threads=8)
    assert sorted(done) == [False] * 7 + [True]
    assert facts(chore) == ("done", 1, 1)


@pytest.mark.django_db(transaction=True)
def test_somebody_who_looks_for_work_takes_no_claim_away(monkeypatch):
    """Whoever saw the job before its attempt was counted locks the row for a moment, and leaves it."""
    chore, count, looking = queued(), jobs._count_next, Event()

    def look():
        with transaction.atomic():
            Chore.objects.select_for_update().get(pk=chore.pk)
            looking.set()
            sleep(0.3)
        connection.close()

    def count_and_be_looked_at(rows, at):
        job = count(rows, at)
        threads.submit(look)
        assert looking.wait(5)
        return job

    monkeypatch.setattr(jobs, "_count_next", count_and_be_looked_at)
    with ThreadPoolExecutor() as threads:
        assert jobs.perform(job_type=Chore, pk=chore.pk, record=record)
    assert facts(chore) == ("done", 1, 1)


@pytest.mark.django_db(transaction=True)
def test_several_sweepers_send_each_job_once(sent):
    keys = {queued().pk for _ in range(20)}
    counts = race(lambda _number: jobs.sweep(at=AT), threads=4)
    assert sum(counts) == 20
    assert (len(sent), set(sent)) == (20, keys)


@pytest.mark.django_db
class TestTogether:
    @staticmethod
    def some(most=16, together=lambda chores: [None for _chore in chores]):
        return jobs.perform_some(
            rows=Chore.objects.all(), most=most, together=together, outside=lambda chore: None, record=record
        )

    def test_jobs_that_waited_longest_are_done_together(self):
        chores = [queued(available_at=AT + number * SECOND) for number in (2, 0, 1)]
        seen: list[list[int]] = []
        assert self.some(2, lambda found: seen.append([chore.pk for chore in found]) or [None, None]) == 2
        assert seen == [[chores[1].pk, chores[2].pk]]
        assert [facts(chore) for chore in chores] == [("queued", 0, 0), ("done", 1, 1), ("done", 1, 1)]
        assert [self.some(), self.some()] == [1, 0]

    def test_each_is_done_by_itself_where_all_together_fail(self):
        chores = [queued(), queued()]
        assert self.some(together=lambda found: 1 / 0) == 2
        assert [facts(chore) for chore in chores] == [("done", 1, 1)] * 2

    def test_job_that_was_tried_before_is_done_alone(self):
        chores = [queued(available_at=AT + number * SECOND, attempts=number % 2) for number in range(4)]
        taken = [jobs.claim_some(rows=Chore.objects.all(), most=16, at=AT + MINUTE) for _time in range(4)]
        assert taken == [[chores[0], chores[2]], [chores[1]], [chores[3]], []]
        assert [facts(chore)[:2] for chore in chores] == [("running", 1), ("running", 2)] * 2
