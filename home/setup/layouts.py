"""What editors of the demo world arranged: the home page's cards and each desk's dashboard."""

from typing import Any


def feature(icon: str, title: str, text: str, link: str, link_text: str) -> dict[str, Any]:
    """A card of the home page."""
    return {
        "type": "feature",
        "value": {"icon": icon, "title": title, "text": text, "link": link, "link_text": link_text},
    }


HOME: dict[str, Any] = {
    "headline": "Everything you run on, in one place",
    "introduction": (
        "Open your products, find answers, and settle bills, contracts and support with the people who build them."
    ),
    "products": [
        feature(
            "erp",
            "ERP",
            "Sell, buy, count stock and close the month in one set of books.",
            "/help/erp/",
            "Read the ERP guides",
        ),
        feature(
            "sacco",
            "SACCO",
            "Members, savings, loans and dividends, ready for the regulator.",
            "/help/sacco/",
            "Read the SACCO guides",
        ),
        feature(
            "payroll",
            "Payroll",
            "Pay people right and on time, with returns that agree.",
            "/help/payroll/",
            "Read the Payroll guides",
        ),
    ],
    "features": [
        feature(
            "life-buoy",
            "Help that answers",
            "Guides, tutorials and walk-throughs that find the fix with you.",
            "/help/",
            "Open the help center",
        ),
        feature(
            "shield-check", "Yours alone", "Each company sees its own data and nobody else's, on every page.", "", ""
        ),
        feature("users", "People you know", "Your developers, your team and our support at one address.", "", ""),
    ],
}


def actions(*rows: tuple[str, str, str]) -> dict[str, Any]:
    """Quick actions: icon, label and link of each."""
    listed = [{"icon": icon, "label": label, "link": link} for icon, label, link in rows]
    return {"type": "quick_actions", "value": {"title": "Quick actions", "actions": listed}}


def stats(*keys: str) -> dict[str, Any]:
    """A row of figures."""
    return {"type": "stat_cards", "value": {"title": "", "statistics": list(keys)}}


ANNOUNCED: dict[str, Any] = {"type": "announcements", "value": {}}
FINISH_SETUP: dict[str, Any] = {"type": "finish_setup", "value": {"title": "Finish setting up"}}
ARTICLES: dict[str, Any] = {"type": "articles", "value": {"title": "Articles for you"}}
ACTIVITY: dict[str, Any] = {"type": "activity", "value": {"title": "Recent activity"}}
IN_PRODUCTS: dict[str, Any] = {"type": "product_activity", "value": {"title": "In your products"}}
PRODUCTS: dict[str, Any] = {"type": "products", "value": {"title": "Your products"}}
USAGE: dict[str, Any] = {"type": "usage_chart", "value": {"title": "Usage"}}
TEAM: dict[str, Any] = {"type": "team", "value": {"title": "Team"}}
PROJECTS: dict[str, Any] = {"type": "project_status", "value": {"title": "Projects"}}
GITHUB_WEEK: dict[str, Any] = {"type": "github_week", "value": {"title": "On GitHub this week"}}
OPEN_ISSUES: dict[str, Any] = {"type": "open_issues", "value": {"title": "Open issues"}}
MILESTONES: dict[str, Any] = {"type": "upcoming_milestones", "value": {"title": "Next milestones"}}
CONTRACTS: dict[str, Any] = {"type": "contracts_to_sign", "value": {"title": "Contracts waiting for your signature"}}
MY_COMPANIES: dict[str, Any] = {"type": "my_companies", "value": {"title": "Your companies"}}
MY_DECISIONS: dict[str, Any] = {"type": "my_decisions", "value": {"title": "What you wait for"}}
AGENCY_DEVELOPERS: dict[str, Any] = {"type": "agency_developers", "value": {"title": "Your developers"}}
BILLING: dict[str, Any] = {"type": "billing_summary", "value": {"title": "Billing"}}
NEXT_BILL: dict[str, Any] = {"type": "next_bill", "value": {"title": "Next bill"}}
PLANS: dict[str, Any] = {"type": "plans_and_limits", "value": {"title": "Plans and limits"}}
APPROVALS: dict[str, Any] = {"type": "approvals", "value": {"title": "Approvals waiting"}}
SEARCH = ("search", "Search the help center", "/help/search/")
INVITE = ("user-plus", "Invite somebody", "/customer/members/invite/")
USE = ("chart-line", "See your usage", "/customer/usage/")
PASSWORD = ("key", "Change your password", "/accounts/password/change/")

DASHBOARDS: dict[str, tuple[str, str, list[dict[str, Any]]]] = {
    "company": (
        "Dashboard",
        "What your company uses and what happened lately.",
        [
            FINISH_SETUP,
            ANNOUNCED,
            stats("products", "members", "data", "next-bill"),
            PRODUCTS,
            USAGE,
            IN_PRODUCTS,
            actions(INVITE, USE, SEARCH, ("book-open", "Read the guides", "/help/")),
            PLANS,
            BILLING,
            NEXT_BILL,
            TEAM,
            PROJECTS,
            MILESTONES,
            CONTRACTS,
            APPROVALS,
            ARTICLES,
            ACTIVITY,
        ],
    ),
    "developer": (
        "Developer desk",
        "Your companies, your training, and the guides you need for both.",
        [
            ANNOUNCED,
            MY_COMPANIES,
            MY_DECISIONS,
            PROJECTS,
            MILESTONES,
            GITHUB_WEEK,
            OPEN_ISSUES,
            stats("new-help-pages"),
            actions(("user", "Edit your profile", "/developer/profile/"), SEARCH, PASSWORD),
            ARTICLES,
        ],
    ),
    "agency": (
        "Agency desk",
        "Your developers across all the companies they work for.",
        [ANNOUNCED, AGENCY_DEVELOPERS, stats("new-help-pages"), actions(SEARCH, PASSWORD), ARTICLES],
    ),
    "reseller": (
        "Reseller desk",
        "Your leads, your commissions, and how the programme works.",
        [ANNOUNCED, stats("new-help-pages"), actions(SEARCH, PASSWORD), ARTICLES],
    ),
    "staff": (
        "Staff desk",
        "The portal at a glance.",
        [
            ANNOUNCED,
            stats("companies", "people", "new-help-pages"),
            actions(SEARCH, ("settings", "Open the admin", "/admin/")),
            CONTRACTS,
            APPROVALS,
            ACTIVITY,
            ARTICLES,
        ],
    ),
}
