"""Measures the search against its bars."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from helpcenter.knowledge.markdown.errors import UnreadableSource
from helpcenter.knowledge.services.quality import articles, questions, scores

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"


class Command(BaseCommand):
    """Exit status 1 when a figure is below its bar; the portal's own pages are neither used nor changed."""

    help = "Indexes a collection of articles for the time of the run, asks it known questions, and scores the answers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the articles and questions lie."""
        parser.add_argument(
            "--data", type=Path, default=DATA, help="Folder with help/<collection>/ and search/qrels-*.tsv."
        )
        parser.add_argument("--collection", action="append", help="Folder below help/; may be given several times.")
        parser.add_argument("--every", type=int, default=1, metavar="N", help="Ask every n-th question, 100 at least.")
        parser.add_argument("--missed", action="store_true", help="List the questions whose answer was not found.")

    def handle(self, *, data: Path, collection: list[str] | None, every: int, missed: bool, **options: Any) -> None:
        """Measure each collection."""
        reached = [
            self.measure(data, name, every=max(every, 1), missed=missed) for name in collection or ["business-central"]
        ]
        if not all(reached):
            raise CommandError("The search is below its bars.")

    def measure(self, data: Path, name: str, *, every: int, missed: bool) -> bool:
        """Print one table; whether every bar was reached."""
        try:
            found = articles.read_articles(data / "help" / name)
        except UnreadableSource as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{name}: {len(found)} articles")
        self.stdout.write(f"  {'questions':<18}{'asked':>7}{'RR@10':>8}{'bar':>6}{'recall':>9}{'bar':>6}")
        with scores.indexed(found) as search:
            sets = questions.questions_of(found, data / "search")
            results = [self.report(scores.ask(kind, asked, search, every=every)) for kind, asked in sets.items()]
        for score in results if missed else []:
            self.stdout.write(f"  {score.name}, not found: {'; '.join(score.missed)}")
        return bool(results) and all(score.is_reached for score in results)

    def report(self, score: scores.Score) -> scores.Score:
        """Print one line of the table."""
        bar = score.bar
        recall = f"{bar.recall:>6.2f}" if bar.recall else f"{'':>6}"
        self.stdout.write(
            f"  {score.name:<18}{score.asked:>7}{score.reciprocal_rank:>8.3f}{bar.reciprocal_rank:>6.2f}"
            f"{score.recall:>9.3f}{recall}{'' if score.is_reached else '  below'}"
        )
        return score
