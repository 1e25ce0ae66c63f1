"""One budget of bytes for the bodies that a process holds at once."""

from collections import Counter
from collections.abc import MutableMapping
from typing import Any

SMALL = 65_536  # bytes of a body that may still draw on the reserve
RESERVE = 8  # an eighth of the budget is for small bodies
SHARE = 4  # one address holds at most a quarter
NAME = "openekyc.purse"


class Full(Exception):
    """The budget, or this address' share of it, is spent."""


class Budget:
    """Bytes held by all requests, in all and by address."""

    def __init__(self, total: int) -> None:
        self.total, self.held = total, 0
        self.by: Counter[str] = Counter()


class Purse:
    """What one request holds of a budget."""

    def __init__(self, budget: Budget, address: str) -> None:
        self._budget, self._address, self._taken = budget, address, 0

    def take(self, size: int) -> None:
        """Hold so many bytes more. Raises Full."""
        budget, small = self._budget, self._taken + size <= SMALL
        most = budget.total if small else budget.total - budget.total // RESERVE
        if budget.held + size > most or (not small and budget.by[self._address] + size > budget.total // SHARE):
            raise Full
        budget.held += size
        budget.by[self._address] += size
        self._taken += size

    def release(self) -> None:
        """Give everything back."""
        if self._taken:
            self._budget.held -= self._taken
            self._budget.by[self._address] -= self._taken
            if not self._budget.by[self._address]:
                del self._budget.by[self._address]
            self._taken = 0


def take(scope: MutableMapping[str, Any], size: int) -> None:
    """Hold bytes for the request of this scope, where a server counts them. Raises Full."""
    if purse := scope.get(NAME):
        purse.take(size)
