"""What apps above say of the plans on a company's page: which one is its own, and where choosing leads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from billing.catalog.models import Plan
from portal.accounts.models import Company, Membership
from portal.core.registry import Registry


@dataclass(frozen=True, slots=True)
class Standing:
    """How one plan stands to a company.

    `is_current`: the company has it. `url` and `label` are the button of members who manage billing; without a `url`
    there is no button, and `note` says in a sentence why.
    """

    is_current: bool = False
    url: str = ""
    label: str = ""
    note: str = ""


# Of these plans, by interval and for one company: how each stands, by its pk. A plan that is left out may be asked for
# by e-mail. `membership` is whose page it is.
Reader = Callable[[Company, Membership, Sequence[Plan], str], Mapping[int, Standing]]
standings: Registry[Reader] = Registry("readers of how plans stand to a company")
