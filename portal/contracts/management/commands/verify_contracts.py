"""verify_contracts: prove that no contract, signature or evidence was changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.contracts.services import evidence, proving


class Command(BaseCommand):
    """Goes through all contracts that were ever sent."""

    help = "Proves evidence, texts, signatures and sealed copies; exit status 1 and the first difference otherwise."

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, and tell how much that was."""
        try:
            proof = proving.verify_all(progress=self._tell)
        except evidence.ChainBroken as difference:
            raise CommandError(str(difference)) from None
        self.stdout.write(
            f"{proof.contracts} contracts with {proof.events} events and {proof.files} sealed copies are as they were"
            " written."
        )

    def _tell(self, done: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"{done} contracts", ending="\r")
