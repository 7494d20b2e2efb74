"""Groups of those who work in the Wagtail admin, and what each may do."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from helpcenter.knowledge.models import SecondReading

REVIEW = "Second pair of eyes"
PAGE_RIGHTS = ["add_page", "change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page"]
COLLECTION_RIGHTS = ["add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document"]
EDITOR_RIGHTS = {
    "wagtailadmin": ["access_admin"],
    "wagtailredirects": ["add_redirect", "change_redirect", "delete_redirect"],
    "knowledge": [
        *(f"{verb}_{model}" for model in ("synonym", "promotion") for verb in ("add", "change", "delete", "view")),
        "view_feedback",
        "change_feedback",
        "view_helpdocument",
        "add_linkcheck",
    ],
    "notifications": [f"{verb}_messagetemplate" for verb in ("change", "publish", "view")],
    "contracts": [f"{verb}_contracttemplate" for verb in ("add", "change", "publish", "lock", "unlock", "view")],
    "home": [
        *(f"{verb}_announcement" for verb in ("add", "change", "delete", "view")),
        "change_brandsettings",
    ],
}
DELIVERY_RIGHTS = ["view_delivery", "view_blockedaddress", "delete_blockedaddress"]
# Two of finance return money: one asks, another decides.
PAYMENT_RIGHTS = [
    *(f"view_{model}" for model in ("payment", "refund", "dispute", "webhookmessage", "statementline")),
    *(f"{verb}_dunningstep" for verb in ("add", "change", "delete", "view")),
    "change_dunningsettings",
    "manage_payment",
    "decide_refund",
    "replay_webhookmessage",
]
CATALOG_RIGHTS = [
    f"{verb}_{model}"
    for model in ("product", "metric", "planfamily", "plan")
    for verb in ("add", "change", "delete", "view")
]
CHARGE_RIGHTS = ["keep_charges", "view_contractlineitem", "view_billingperiod"]
INCIDENT_RIGHTS = ["view_incident", "change_incident"]
INVOICING_RIGHTS = [
    "view_invoice",
    "manage_invoice",
    "decide_sending",
    "decide_write_off",
    "view_creditnote",
    "view_ledgertransaction",
    "view_invoicerun",
    "change_billingsettings",
    *(f"{verb}_{model}" for model in ("taxrate", "taxexemption") for verb in ("add", "change", "delete", "view")),
]
PROJECT_RIGHTS = [
    "run_project",
    *(f"view_{model}" for model in ("project", "milestone", "projectdeveloper", "repository", "delivery")),
    "view_labsproject",
    "add_project",
    "change_project",
]
STAFF_RIGHTS = {
    "Support": {
        "wagtailadmin": ["access_admin"],
        "activity": ["view_activityevent"],
        "knowledge": ["view_feedback", "view_helpdocument"],
        "notifications": DELIVERY_RIGHTS,
        # Support verifies companies, and looks after developers and their teams.
        "accounts": ["verify_company", "decide_erasure", "view_retentionperiod", "view_company"],
        "subscriptions": ["view_subscription"],
        "usage": ["view_dailyusage"],
        "contracts": ["view_contract", "view_contracttemplate", "send_contract", *CHARGE_RIGHTS],
        "launch": INCIDENT_RIGHTS,
        "projects": PROJECT_RIGHTS,
        "teams": [
            "approve_developer",
            "assign_developer",
            "decide_removal",
            "view_developer",
            "change_developer",
            "view_assignment",
            "view_agency",
            "add_agency",
            "change_agency",
        ],
    },
    "Finance": {
        "wagtailadmin": ["access_admin"],
        "activity": ["view_activityevent"],
        "notifications": DELIVERY_RIGHTS,
        "catalog": CATALOG_RIGHTS,
        "invoicing": INVOICING_RIGHTS,
        "payments": PAYMENT_RIGHTS,
        "subscriptions": ["view_subscription"],
        "usage": ["view_dailyusage"],
        "contracts": ["view_contract", "view_contracttemplate", "sign_for_vendor", *CHARGE_RIGHTS, "decide_billing"],
        "launch": [*INCIDENT_RIGHTS, "keep_clients"],
        "accounts": ["view_company"],
    },
}


def create() -> None:
    """Make the groups; editors may work on every page below the root, staff see the admin."""
    editors, _ = Group.objects.get_or_create(name="Content editors")
    grant(editors, EDITOR_RIGHTS)
    root = Page.objects.get(depth=1)
    for codename in PAGE_RIGHTS:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=editors, page=root, permission=permission)
    collection = Collection.get_first_root_node()
    for codename in COLLECTION_RIGHTS:
        permission = Permission.objects.get(
            content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename=codename
        )
        GroupCollectionPermission.objects.get_or_create(group=editors, collection=collection, permission=permission)
    for name, rights in STAFF_RIGHTS.items():
        group, _ = Group.objects.get_or_create(name=name)
        grant(group, rights)
    review(editors)


def grant(group: Group, rights: dict[str, list[str]]) -> None:
    """Give the group these permissions, by app."""
    for app, codenames in rights.items():
        group.permissions.add(*Permission.objects.filter(content_type__app_label=app, codename__in=codenames))


def review(editors: Group) -> None:
    """One workflow for all pages: another editor reads before a page is published."""
    task, _ = SecondReading.objects.get_or_create(name=REVIEW)
    task.groups.add(editors)
    workflow, made = Workflow.objects.get_or_create(name="Editorial review")
    # A site that was set up earlier has a task of this name by which writers could approve their own pages.
    WorkflowTask.objects.filter(workflow=workflow, task__name=REVIEW).update(task=task)
    if not WorkflowTask.objects.filter(workflow=workflow).exists():
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    if made:
        # Wagtail's migrations have given the root a workflow for moderators.
        WorkflowPage.objects.update_or_create(page=Page.objects.get(depth=1), defaults={"workflow": workflow})
