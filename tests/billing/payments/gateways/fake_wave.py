"""Wave for tests, over HTTP: an executable GraphQL schema out of the 157 types of its public API.

The types come from C# records, so nullability is lost (FACTS.md): what is known to be needed is added here, as are the
arguments of fields. Queries that the schema does not know are answered as Wave does, with GRAPHQL_VALIDATION_FAILED.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync, parse, validate

from tests.billing.payments.gateways import data
from tests.billing.payments.gateways.servers import Answer, Asked

SCALARS = {"string": "String", "String": "String", "bool": "Boolean", "int": "Int", "float": "Float"}
DECIMALS = {"decimal": "Decimal", "Decimal": "Decimal", "DateTime": "DateTime"}
NEEDED = {
    "InvoiceCreateInput": ["businessId", "customerId"],
    "InvoiceCreateItemInput": ["productId"],
    "InvoiceCreateItemTaxInput": ["salesTaxId"],
    "InvoiceSendInput": ["invoiceId", "to", "attachPDF"],
    "InvoiceApproveInput": ["invoiceId"],
    "InvoiceDeleteInput": ["invoiceId"],
    "CustomerCreateInput": ["businessId", "name"],
}
LISTS = {
    "invoices": "page: Int, pageSize: Int, sort: [InvoiceSort!]!, status: InvoiceStatus, customerId: ID, "
    "invoiceNumber: String",
    "customers": "page: Int, pageSize: Int, sort: [CustomerSort!]!",
    "products": "page: Int, pageSize: Int, sort: [ProductSort!]!",
}
ONES = ("invoice", "customer", "product")


@cache
def schema() -> GraphQLSchema:
    types = {one["name"]: one for one in data.read("wave", "wave-schema.from-csharp.json") if one["kind"] != "Queries"}
    types = {name: one for name, one in types.items() if one["kind"] not in ("Mutations", "Responses")}
    written = [_written(one, types) for one in types.values() if one["name"] not in ("JSON", "URL", "HexColorCode")]
    scalars = [f"scalar {name}" for name in ("Decimal", "DateTime", "JSON", "URL", "HexColorCode")]
    roots = [
        "type Query { business(id: ID!): Business }",
        "type Mutation {",
        "customerCreate(input: CustomerCreateInput!): CustomerCreateOutput",
        *(f"invoice{verb}(input: Invoice{verb}Input!): Invoice{verb}Output" for verb in ("Create", "Approve")),
        *(f"invoice{verb}(input: Invoice{verb}Input!): Invoice{verb}Output" for verb in ("Send", "Delete")),
        "}",
    ]
    return build_schema("\n".join([*scalars, *written, *roots]))


def _written(one: Mapping[str, Any], types: Mapping[str, Any]) -> str:
    name = one["name"]
    if one["csharp"] == "enum":
        values = {found["value"] for found in one["fields"]} | ({"CREATED_AT_ASC"} if name == "ProductSort" else set())
        return f"enum {name} {{ {' '.join(sorted(values))} }}"
    is_input = name.endswith("Input")
    lines = [_field(name, found, types, is_input) for found in one["fields"] if found["name"].isidentifier()]
    lines = [line for line in lines if line] or ["nothing: String"]
    return f"{'input' if is_input else 'type'} {name} {{ {' '.join(lines)} }}"


def _field(owner: str, found: Mapping[str, str], types: Mapping[str, Any], is_input: bool) -> str:
    name, kind = found["name"], found["type"].removeprefix("Objects.")
    bare = kind.removesuffix("[]")
    is_name = name == "id" or name.endswith("Id")
    graphql = "ID" if is_name and bare == "string" else {**SCALARS, **DECIMALS}.get(bare, bare)
    if graphql == bare and bare not in types and bare not in ("Decimal", "DateTime", "String"):
        return ""
    if is_input and graphql in types and types[graphql]["csharp"] != "enum" and not graphql.endswith("Input"):
        return ""
    written = f"[{graphql}!]" if kind.endswith("[]") else graphql
    needed = "!" if name in NEEDED.get(owner, []) else ""
    arguments = ""
    if owner == "Business" and (name in LISTS or name in ONES):
        arguments = f"({LISTS.get(name, 'id: ID!')})"
    return f"{name}{arguments}: {written}{needed}"


@dataclass
class FakeWave:
    """What it keeps and was asked. `trouble` is answered instead, as often as there is some; `tax` is a percentage."""

    customers: list[dict[str, Any]] = field(default_factory=list)
    products: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"id": "product-old", "isSold": True, "isArchived": True},
            {"id": "product-1", "isSold": True, "isArchived": False},
        ]
    )
    invoices: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    trouble: list[Answer] = field(default_factory=list)
    tax: Decimal = Decimal(0)
    numbers: Any = field(default_factory=lambda: count(1))

    def __call__(self, asked: Asked) -> Answer:
        """Answer one request."""
        if self.trouble:
            return self.trouble.pop(0)
        if asked.path != "/graphql/public" or asked.headers.get("authorization") != "Bearer token":
            return errors("UNAUTHENTICATED")
        document, variables = asked.json["query"], asked.json["variables"]
        if validate(schema(), parse(document)):
            return errors("GRAPHQL_VALIDATION_FAILED")
        found = graphql_sync(schema(), document, root_value=root_of(self), variable_values=variables)
        self.asked += [str(one.name.value) for one in parse(document).definitions[0].selection_set.selections]
        if found.errors:
            return errors(str((found.errors[0].extensions or {}).get("code") or "VARIABLE_VALUE"))
        return Answer({"data": found.data})


def errors(code: str, status: int = 200) -> Answer:
    """What Wave answers when it did not do what it was asked, or may not."""
    return Answer({"errors": [{"message": "No.", "extensions": {"id": "1", "code": code}}]}, status=status)


def _refused(code: str) -> dict[str, Any]:
    return {"didSucceed": False, "inputErrors": [{"path": ["input"], "message": "No.", "code": code}]}


DONE = {"didSucceed": True, "inputErrors": []}


def root_of(wave: FakeWave) -> dict[str, Any]:
    """What answers each root of the schema; graphql-core calls it with the arguments."""
    return {
        "business": lambda _info, **named: business_of(wave, named["id"]),
        "customerCreate": lambda _info, **named: create_customer(wave, named["input"]),
        "invoiceCreate": lambda _info, **named: create_invoice(wave, named["input"]),
        "invoiceApprove": lambda _info, **named: approve_invoice(wave, named["input"]),
        "invoiceSend": lambda _info, **named: send_invoice(wave, named["input"]),
        "invoiceDelete": lambda _info, **named: delete_invoice(wave, named["input"]),
    }


def business_of(wave: FakeWave, name: str) -> dict[str, Any]:
    if name != "business-1":
        raise GraphQLError("No.", extensions={"code": "NOT_FOUND"})
    return {
        "invoice": lambda _info, **named: invoice_of(wave, named["id"]),
        "invoices": lambda _info, **named: _page(reversed(wave.invoices.values()), named),
        "customers": lambda _info, **named: _page(reversed(wave.customers), named),
        "products": lambda _info, **named: _page(wave.products, named),
    }


def invoice_of(wave: FakeWave, name: str) -> dict[str, Any]:
    if name not in wave.invoices:
        raise GraphQLError("No.", extensions={"code": "NOT_FOUND"})
    return wave.invoices[name]


def create_customer(wave: FakeWave, sent: dict[str, Any]) -> dict[str, Any]:
    customer = {**sent, "id": f"customer-{next(wave.numbers)}"}
    wave.customers.append(customer)
    return {**DONE, "customer": customer}


def create_invoice(wave: FakeWave, sent: dict[str, Any]) -> dict[str, Any]:
    if sent["customerId"] not in [one["id"] for one in wave.customers]:
        return _refused("NOT_FOUND")
    net = sum(Decimal(one["quantity"]) * Decimal(one["unitPrice"]) for one in sent["items"])
    total, name = net * (1 + wave.tax / 100), f"invoice-{next(wave.numbers)}"
    facts = {"id": name, "viewUrl": f"https://next.wave.test/{name}", "status": sent["status"]}
    amounts = {"total": _amount(total, sent), "amountDue": _amount(total, sent), "amountPaid": _amount(0, sent)}
    wave.invoices[name] = {**sent, **facts, **amounts}
    return {**DONE, "invoice": wave.invoices[name]}


def approve_invoice(wave: FakeWave, sent: dict[str, Any]) -> dict[str, Any]:
    invoice = wave.invoices[sent["invoiceId"]]
    invoice["status"] = "SAVED"
    return {**DONE, "invoice": invoice}


def send_invoice(wave: FakeWave, sent: dict[str, Any]) -> dict[str, Any]:
    wave.sent.append(dict(sent))
    wave.invoices[sent["invoiceId"]]["status"] = "SENT"
    return DONE


def delete_invoice(wave: FakeWave, sent: dict[str, Any]) -> dict[str, Any]:
    if wave.invoices[sent["invoiceId"]]["status"] == "PAID":
        return _refused("INVALID")
    del wave.invoices[sent["invoiceId"]]
    return DONE


def _page(found: Iterable[Any], named: Mapping[str, Any]) -> dict[str, Any]:
    nodes, page, size = list(found), named["page"], named["pageSize"]
    total = -(-len(nodes) // size)
    shown = [{"node": one} for one in nodes[(page - 1) * size : page * size]]
    return {"edges": shown, "pageInfo": {"currentPage": page, "totalPages": total, "totalCount": len(nodes)}}


def _amount(value: Decimal | int, invoice: Mapping[str, Any]) -> dict[str, Any]:
    return {"value": f"{value:,.2f}", "currency": {"code": invoice["currency"]}}
