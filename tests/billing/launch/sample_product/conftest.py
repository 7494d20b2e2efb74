"""Payroll as a process of its own, and the viewer's browser, who may open it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from pytest_django.live_server_helper import LiveServer

from billing.catalog.models import Product, ProductShortcut
from billing.subscriptions.models import ProductAccess, ProductGrant
from portal.accounts.models import Company, User
from tests.billing.launch.relying_party import browser_of
from tests.billing.launch.sample_product import process
from tests.billing.launch.sample_product.process import Sample
from tests.factories import MetricFactory, ProductFactory


@pytest.fixture
def payroll(transactional_db: None, company: Company, viewer: User) -> Product:
    """The company may open it, and so may the viewer."""
    product = ProductFactory.create(slug="payroll", name="Payroll")
    ProductShortcut.objects.create(product=product, label="Taxes", path="/taxes/", sort_order=1)
    product.metrics.set([MetricFactory.create(slug=slug) for slug in ("employees", "payslips", "storage", "reports")])
    product.save()
    ProductAccess.objects.create(company=company, product=product)
    ProductGrant.objects.create(membership=viewer.memberships.get(), product=product)
    return product


@pytest.fixture
def portal(transactional_db: None, portal_site: None, live_server: LiveServer, settings: Any) -> str:
    """The address of a server that runs, by which the portal names itself."""
    settings.BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def check() -> float:
    """For how many seconds the product takes the portal's word."""
    return 3600


@pytest.fixture(scope="session")
def running() -> Iterator[dict[float, Sample]]:
    """The samples that tests share, as to start one takes a while.

    Each test has a company, members and browsers of its own, and a sample keeps nothing but by these.
    """
    with process.ended() as samples:
        yield samples


@pytest.fixture
def sample(portal: str, payroll: Product, tmp_path: Path, check: float, running: dict[float, Sample]) -> Sample:
    if check not in running:
        running[check] = process.start(payroll, portal=portal, folder=tmp_path, check=check)
    else:
        process.stand_for(payroll, running[check])
    return running[check]


@pytest.fixture
def window(portal: str, viewer: User) -> requests.Session:
    """In which the viewer is signed in to the portal."""
    return browser_of(viewer)
