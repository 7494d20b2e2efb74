"""The whole API as its description tells of it, with requests made up by schemathesis.

Whatever is sent, an answer is one that the description names, in the type and shape it gives, and never a fault.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.utils import timezone
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi import checks

from portal.accounts import desks
from portal.accounts.models import Company, User
from portal.accounts.services import tokens
from portal.approvals.models import Approval
from portal.notifications.models import Notification
from portal.teams.models import Developer
from portal.teams.services import assignments

CHECKS: list[CheckFunction] = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
EXAMPLES = settings(max_examples=8, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
# A moment that is not written in UTC.
WITH_OFFSET = re.compile(rb'"\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d"')
# So that several processes share the operations.
SHARES = 3
PEOPLE = ["anonymous", "owner", "viewer", "developer", "staff"]


@pytest.fixture
def description(db: None) -> Iterator[Any]:
    """The API as it describes itself, asked in this process, on the connection that this test rolls back."""
    ends = (signals.request_started, signals.request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def known(company: Company, owner: User, developer: User, staff: User, portal_site: None) -> dict[str, list[str]]:
    """Records that there are, by the name that addresses give them: a proposal, its approval, who was told."""
    proposed = Developer.objects.get(user=developer)
    assignments.propose(company=company, developer=proposed, by=staff, at=timezone.now(), note="Knows payroll.")
    return {
        "public_id": [str(row.public_id) for model in (Approval, Notification) for row in model.objects.all()],
        "developer_id": [str(proposed.public_id)],
    }


def bearer(user: User | None) -> dict[str, str]:
    """The header by which a program of this person signs its requests."""
    if user is None:
        return {}
    desk = desks.desk_in_use(user, None)
    pair = tokens.issue(user=user, company=desk.company if desk else None, is_proven=True, at=timezone.now())
    return {"Authorization": f"Bearer {pair.access}"}


def check_operation(operation: Any, people: dict[str, dict[str, str]], known: dict[str, list[str]]) -> None:
    """Make up some requests, part of them for records that there are, and check what each of these people is answered.

    Making requests up takes longer than answering them, so everyone sends the same.
    """

    @EXAMPLES
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        for name in set(known) & set(case.path_parameters or {}):
            case.path_parameters[name] = data.draw(st.sampled_from([case.path_parameters[name], *known[name]]))
        for who, headers in people.items():
            note(f"as {who}")
            with transaction.atomic():
                response = case.call(headers=headers)
                transaction.set_rollback(True)
            case.validate_response(response, checks=CHECKS)
            assert not WITH_OFFSET.search(response.content)

    check()


def test_the_description_is_complete() -> None:
    """No address of which drf-spectacular had to guess something."""
    reset_generator_stats()
    document = SchemaGenerator(urlconf="portal.api_urls").get_schema(public=True)
    assert (len(document["paths"]) > 20, bool(GENERATOR_STATS)) == (True, False)


def test_each_operation_names_its_refusals() -> None:
    """A `default` answer would allow every status, and the check of them below would hold nothing."""
    document = SchemaGenerator(urlconf="portal.api_urls").get_schema(public=True)
    operations = [(m, one) for path in document["paths"].values() for m, one in path.items()]
    assert [one["operationId"] for _, one in operations if "default" in one["responses"]] == []
    for method, one in operations:
        statuses = set(one["responses"])
        assert "429" in statuses, one["operationId"]
        assert not any(one.get("security", ())) or {"401", "403", "404"} <= statuses, one["operationId"]
        assert method == "get" or {"409", "422"} <= statuses, one["operationId"]
        assert "requestBody" not in one or {"400", "415"} <= statuses, one["operationId"]


@pytest.mark.parametrize("share", range(SHARES))
def test_every_answer_is_a_described_one(
    share: int,
    description: Any,
    known: dict[str, list[str]],
    request: pytest.FixtureRequest,
    subtests: pytest.Subtests,
) -> None:
    people = {who: {"Accept-Encoding": "identity", **bearer(request.getfixturevalue(who))} for who in PEOPLE}
    for operation in [found.ok() for found in description.get_all_operations()][share::SHARES]:
        with subtests.test(operation.label):
            check_operation(operation, people, known)
