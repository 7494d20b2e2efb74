"""How far a developer is with what a company requires; apps above register what counts, such as training."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from portal.core.registry import Registry
from portal.teams.models import Assignment


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the required things are done."""

    done: int = 0
    required: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do; so it is where nothing is required."""
        return self.done >= self.required

    @property
    def percent(self) -> int:
        """Share that is done, rounded down."""
        return 100 if self.is_complete else self.done * 100 // self.required

    @property
    def words(self) -> str:
        """The state in words for lists."""
        if not self.required:
            return "Complete"
        return f"{self.done} of {self.required} done" if not self.is_complete else "Complete"

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(self.done + other.done, self.required + other.required)


# A source says of many assignments at once, by their keys, what is done; in a fixed number of queries.
Source = Callable[[Collection[Assignment]], Mapping[int, Progress]]
sources: Registry[Source] = Registry("onboarding sources")


def progress_of(assignments: Collection[Assignment]) -> dict[int, Progress]:
    """The onboarding of each assignment by its key, over all sources."""
    found = [source(assignments) for source in sources.all()] if assignments else []
    return {
        assignment.pk: sum((by_key.get(assignment.pk, Progress()) for by_key in found), Progress())
        for assignment in assignments
    }
