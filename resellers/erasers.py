"""A reseller who is erased brings nobody any more."""

from portal.accounts.models import User
from portal.core.privacy import Eraser, Erasing
from resellers.models import Reseller


def erase_person(erasing: Erasing[User]) -> None:
    """Forget the business, and close the desk."""
    Reseller.objects.filter(user=erasing.owner).update(business_name="Former partner", status=Reseller.Status.SUSPENDED)


PERSON = Eraser("Your place in the partner programme", erase_person)
