"""M-Pesa over HTTP, against a server that answers with recorded bodies."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from djmoney.money import Money

from billing.payments.gateways.base import UNKNOWN_KEY, About, BadSignature, GatewayError, State, Unreadable
from billing.payments.gateways.mpesa.gateway import BadPhone, Mpesa, msisdn
from tests.billing.payments.gateways import data
from tests.billing.payments.gateways.conftest import PAYER, asks
from tests.billing.payments.gateways.fake_daraja import FakeDaraja, accepted, error, queried, recorded
from tests.billing.payments.gateways.servers import Answer

GATEWAY = Mpesa()
DUE = Money("1234.50", "KES")
PHONE = replace(PAYER, phone="+254712345678")
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def push(**facts: Any) -> Any:
    return GATEWAY.pay(asks(facts.pop("amount", DUE), payer=facts.pop("payer", PHONE), **facts))


def test_mpesa_works_once_everything_is_set(settings: Any, daraja: FakeDaraja) -> None:
    assert GATEWAY.is_enabled is True
    for name in ("MPESA_CONSUMER_KEY", "MPESA_CONSUMER_SECRET", "MPESA_SHORTCODE", "MPESA_PASSKEY"):
        kept = getattr(settings, name)
        setattr(settings, name, "")
        assert GATEWAY.is_enabled is False
        setattr(settings, name, kept)


def test_push_asks_for_whole_shillings(daraja: FakeDaraja, settings: Any) -> None:
    settings.BASE_URL = "https://portal.test"
    outcome = push()
    assert [outcome.state, outcome.amount] == [State.PENDING, Money(1235, "KES")]
    assert outcome.reference == accepted()["CheckoutRequestID"]
    [(path, sent)] = daraja.asked
    assert path == "/mpesa/stkpush/v1/processrequest"
    address = urlsplit(sent.pop("CallBackURL"))
    assert f"{address.scheme}://{address.netloc}{address.path}" == "https://portal.test/webhooks/mpesa/"
    assert parse_qs(address.query)["key"] == ["p-1"]
    assert [len(sent.pop("Timestamp")), bool(sent.pop("Password"))] == [14, True]
    assert sent == {
        "BusinessShortCode": "174379",
        "TransactionType": "CustomerPayBillOnline",
        "Amount": 1235,
        "PartyA": "254712345678",
        "PartyB": "174379",
        "PhoneNumber": "254712345678",
        "AccountReference": "NV2026000123",
        "TransactionDesc": "Invoice INV-2",
    }


def test_till_is_paid_as_goods(daraja: FakeDaraja, settings: Any) -> None:
    settings.MPESA_TILL = "600000"
    push()
    [(_, sent)] = daraja.asked
    assert [sent["TransactionType"], sent["PartyB"]] == ["CustomerBuyGoodsOnline", "600000"]


def test_token_is_kept_for_its_hour_and_not_in_the_clear(daraja: FakeDaraja) -> None:
    push()
    push(key="p-2")
    assert daraja.tokens == 1
    kept = [cache.get(name.decode().split(":", 2)[2]) for name in cache._cache.get_client().keys("*mpesa-token*")]
    assert [len(kept), "token-1" in str(kept)] == [1, False]


def test_token_that_ended_early_is_replaced(daraja: FakeDaraja) -> None:
    push()
    daraja.valid = 99
    assert push(key="p-2").state == State.PENDING
    assert [daraja.tokens, len(daraja.asked)] == [2, 2]


@pytest.mark.parametrize("token", [Answer(b"", status=400), Answer({}, status=500), Answer(b"<html>", status=200)])
def test_without_a_token_nothing_is_asked_for(daraja: FakeDaraja, token: Answer) -> None:
    daraja.token = token
    outcome = push()
    assert [outcome.state, outcome.code, outcome.can_retry] == [State.FAILED, "unreachable", True]
    assert daraja.asked == []


def test_server_that_is_away_was_asked_for_nothing(daraja: FakeDaraja, settings: Any) -> None:
    settings.MPESA_API_URL = "http://127.0.0.1:9"
    assert push().code == "unreachable"


@pytest.mark.parametrize(
    ("answer", "code", "can_retry"),
    [
        (error("400.002.02", status=400), "400.002.02", False),
        (error("500.001.1001"), "500.001.1001", True),
        (error("500.003.02"), "500.003.02", True),
        (Answer({"ResponseCode": "1", "ResponseDescription": "No"}), "1", True),
    ],
)
def test_refused_push_fails_in_plain_words(daraja: FakeDaraja, answer: Answer, code: str, can_retry: bool) -> None:
    daraja.answers = [answer]
    outcome = push()
    assert [outcome.state, outcome.code, outcome.can_retry] == [State.FAILED, code, can_retry]
    assert outcome.message.endswith(".")
    assert "programmers" not in outcome.message


@pytest.mark.parametrize("answer", [Answer(None), Answer(b"<html>", status=502), Answer({}, status=503)])
def test_push_that_nobody_confirms_is_unknown_and_never_sent_twice(daraja: FakeDaraja, answer: Answer) -> None:
    daraja.answers = [answer]
    with pytest.raises(GatewayError) as raised:
        push()
    assert len(daraja.asked) == 1
    assert not {"secret", "token-1", "254712345678"} & set(str(raised.value).split())
    assert GATEWAY.ask(reference="", key="p-1").code == UNKNOWN_KEY


@pytest.mark.usefixtures("impatient")
def test_silence_is_unknown(daraja: FakeDaraja, monkeypatch: pytest.MonkeyPatch) -> None:
    push()
    slow = FakeDaraja.__call__

    def wait(self: FakeDaraja, asked: Any) -> Answer:
        time.sleep(1)
        return slow(self, asked)

    monkeypatch.setattr(FakeDaraja, "__call__", wait)
    with pytest.raises(GatewayError):
        push(key="p-2")


def test_only_shillings_up_to_the_limit_and_kenyan_mobiles_are_asked_for(daraja: FakeDaraja) -> None:
    refused = [
        push(amount=Money(10, "USD")),
        push(amount=Money("250000.01", "KES")),
        push(payer=replace(PAYER, phone="+254202222222")),
        push(payer=replace(PAYER, phone="+256772123456")),
        push(payer=PAYER),
    ]
    assert [outcome.code for outcome in refused] == ["currency", "too_much", "phone", "phone", "phone"]
    assert {(outcome.state, outcome.can_retry) for outcome in refused} == {(State.FAILED, False)}
    assert daraja.asked == []
    assert push(amount=Money(250_000, "KES")).state == State.PENDING


def test_phones_are_written_as_daraja_has_them() -> None:
    rows = [row for row in data.read("kenya", "phone-vectors.json")["rows"] if row["region"] == "KE"]
    assert len(rows) > 5
    for row in rows:
        if row["valid"] and row["e164"].startswith("+254") and row["type"] == 1:
            assert msisdn(row["input"]) == row["e164"].removeprefix("+")
        else:
            with pytest.raises(BadPhone):
                msisdn(row["input"])


def test_recorded_query_says_that_the_customer_cancelled(daraja: FakeDaraja) -> None:
    daraja.answers = [Answer(queried())]
    found = GATEWAY.ask(reference="ws_CO_27072017151044001", key="p-1")
    assert [found.state, found.code, found.message] == [
        State.FAILED,
        "1032",
        "The request was cancelled on the phone.",
    ]
    assert daraja.asked[0][1]["CheckoutRequestID"] == "ws_CO_27072017151044001"


@pytest.mark.parametrize(
    ("result", "state"),
    [("0", State.SUCCEEDED), (0, State.SUCCEEDED), ("4999", State.PENDING), (1, State.FAILED), ("2001", State.FAILED)],
)
def test_query_after_silence_tells_the_state(daraja: FakeDaraja, result: object, state: State) -> None:
    answer = next(one for one in recorded("mpesa_express", has="ResultCode") if "ResponseCode" in one)
    daraja.answers = [Answer({**answer, "ResultCode": result})]
    assert GATEWAY.ask(reference="ws_CO_1", key="p-1").state == state


def test_push_that_the_customer_looks_at_is_pending(daraja: FakeDaraja) -> None:
    daraja.answers = [error("500.001.1001", "The transaction is being processed")] * 2
    assert GATEWAY.ask(reference="ws_CO_1", key="p-1").state == State.PENDING
    assert GATEWAY.cancel(reference="ws_CO_1", key="p-1").state == State.PENDING


def test_query_that_is_refused_or_lost_is_no_outcome(daraja: FakeDaraja) -> None:
    for answers in ([error("400.002.02", status=400)], [Answer(None), Answer(None)]):
        daraja.answers = answers
        with pytest.raises(GatewayError):
            GATEWAY.ask(reference="ws_CO_1", key="p-1")


def test_query_is_repeated_when_the_connection_breaks(daraja: FakeDaraja) -> None:
    daraja.answers = [Answer(None), Answer(queried())]
    assert GATEWAY.ask(reference="ws_CO_1", key="p-1").code == "1032"


def callbacks() -> list[dict[str, Any]]:
    """Recorded callbacks as they come: with Body around them."""
    return recorded("mpesa_express", has="Body")


def test_recorded_callback_of_a_payment(daraja: FakeDaraja) -> None:
    event = GATEWAY.read(body=json.dumps(callbacks()[0]).encode(), query={"key": "p-1"})
    assert [event.about, event.key, event.reference] == [About.PAYMENT, "p-1", "ws_CO_191220191020363925"]
    # 10:21:15 in Nairobi.
    assert event.at == datetime(2019, 12, 19, 7, 21, 15, tzinfo=UTC)
    assert event.outcome is not None
    assert [event.outcome.state, event.outcome.receipt, event.outcome.amount] == [
        State.SUCCEEDED,
        "LHG31AA5TX",
        Money(1, "KES"),
    ]


@pytest.mark.parametrize(
    ("code", "message", "can_retry"),
    [
        (1, "There is not enough money in the M-Pesa account.", True),
        (1032, "The request was cancelled on the phone.", True),
        (1037, "The phone did not answer. Switch it on, unlock it and try again.", True),
        (1019, "The request on the phone has expired before the PIN was entered.", True),
        (2001, "The PIN was wrong.", True),
        (2028, "M-Pesa does not let this number pay us.", False),
        (31415, "M-Pesa did not take the payment.", True),
    ],
)
def test_callback_of_a_failure_says_why(code: int, message: str, can_retry: bool) -> None:
    result = {"MerchantRequestID": "m", "CheckoutRequestID": "ws_CO_1", "ResultCode": code, "ResultDesc": "DS timeout"}
    event = GATEWAY.read(body=json.dumps({"Body": {"stkCallback": result}}).encode(), query={})
    assert [event.id, event.at] == [f"ws_CO_1:{code}", None]
    assert event.outcome is not None
    assert [event.outcome.state, event.outcome.message, event.outcome.can_retry] == [State.FAILED, message, can_retry]


def test_every_recorded_body_is_read_or_unreadable() -> None:
    bodies = [one["json"] for one in data.read("kenya", "daraja-mpesakit-payloads.json")]
    bodies += [one["json"] for one in data.read("kenya", "daraja-php-mpesa.json")]
    found = []
    for body in bodies:
        try:
            found.append(GATEWAY.read(body=json.dumps(body).encode(), query={}).kind)
        except Unreadable:
            continue
    assert len(bodies) == 79
    assert sorted(found) == ["stkCallback.0", "stkCallback.0", "stkCallback.1"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"Body": null}', b'{"Body": {"stkCallback": []}}'])
def test_what_is_no_callback_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        GATEWAY.read(body=body, query={})


def test_only_the_address_of_a_push_is_believed_for_that_payment(daraja: FakeDaraja) -> None:
    push(key="p-1")
    push(key="p-2")
    one, other = (dict(parse_qs(urlsplit(sent["CallBackURL"]).query)) for _, sent in daraja.asked)
    first, second = ({name: values[0] for name, values in query.items()} for query in (one, other))
    GATEWAY.verify(headers={}, query=first, body=b"{}", at=AT)
    refused = [
        {},
        {"key": "p-1"},
        {"key": "p-1", "sign": ""},
        {"key": "p-1", "sign": second["sign"]},
        {"key": "p-3", "sign": first["sign"]},
        {"sign": first["sign"]},
    ]
    for query in refused:
        with pytest.raises(BadSignature):
            GATEWAY.verify(headers={}, query=query, body=b"{}", at=AT)


def test_callbacks_may_come_by_an_address_without_safaricoms_words(daraja: FakeDaraja, settings: Any) -> None:
    settings.MPESA_CALLBACK_URL = "https://pay.portal.test/daraja/"
    push()
    assert daraja.asked[0][1]["CallBackURL"].startswith("https://pay.portal.test/daraja/?key=p-1&sign=")


def test_what_mpesa_cannot_do_is_said() -> None:
    assert [GATEWAY.can_refund, GATEWAY.can_save, GATEWAY.can_charge_saved] == [False, False, False]
    with pytest.raises(GatewayError):
        GATEWAY.refund(payment="ws_CO_1", amount=DUE, key="r-1", reason="x")
    with pytest.raises(GatewayError):
        GATEWAY.save_method(payer=PAYER, key="m-1", return_url="")
