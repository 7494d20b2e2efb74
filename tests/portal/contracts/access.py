"""Who gets which answer at the addresses of contracts."""

from tests.access_rows import MEMBERS, NOBODYS, OWNERS, Row, members, only

CONTRACTS: dict[str, Row] = {
    "customer/contracts/": Row("/customer/contracts/", only(*MEMBERS)),
    "customer/contracts/<uuid:public_id>/": Row(f"/customer/contracts/{NOBODYS}/", only()),
    "customer/contracts/<uuid:public_id>/sign/": Row(
        f"/customer/contracts/{NOBODYS}/sign/", members(*OWNERS, answer=404)
    ),
    "customer/contracts/<uuid:public_id>/viewed/": Row(
        f"/customer/contracts/{NOBODYS}/viewed/", members(*OWNERS, answer=404)
    ),
    "customer/contracts/<uuid:public_id>/delegate/": Row(
        f"/customer/contracts/{NOBODYS}/delegate/", members(*OWNERS, answer=404)
    ),
    "customer/contracts/<uuid:public_id>/decline/": Row(
        f"/customer/contracts/{NOBODYS}/decline/", members(*OWNERS, answer=404)
    ),
    "customer/contracts/<uuid:public_id>/no-renewal/": Row(
        f"/customer/contracts/{NOBODYS}/no-renewal/", members(*OWNERS, answer=404)
    ),
    "contracts/<uuid:public_id>/sign/": Row(f"/contracts/{NOBODYS}/sign/", only() | {"support": 403}),
    "contracts/<uuid:public_id>/viewed/": Row(f"/contracts/{NOBODYS}/viewed/", only() | {"support": 403}),
    "contracts/<uuid:public_id>/delegate/": Row(f"/contracts/{NOBODYS}/delegate/", only() | {"support": 403}),
    "contracts/<uuid:public_id>/decline/": Row(f"/contracts/{NOBODYS}/decline/", only() | {"support": 403}),
    "api/customer/contracts/": Row("/api/customer/contracts/", only(*MEMBERS, anonymous=401)),
    "api/customer/contracts/<uuid:contract_id>/": Row(f"/api/customer/contracts/{NOBODYS}/", only(anonymous=401)),
    "api/customer/contracts/<uuid:contract_id>/sign/": Row(
        f"/api/customer/contracts/{NOBODYS}/sign/", members(*OWNERS, answer=404, anonymous=401), "post"
    ),
}
