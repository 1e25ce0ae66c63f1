"""One budget of bytes for the bodies that a process holds at once."""

import asyncio
from collections import Counter
from collections.abc import MutableMapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

SMALL = 65_536  # bytes of a body that may still draw on the reserve
RESERVE = 8  # an eighth of the budget is for small bodies
SHARE = 4  # one address or key holds at most a quarter
TURNS = 4  # bodies of strangers that pass by at once: the others wait, so that a flood of them leaves the process to calls
NAME = "openekyc.purse"


class Full(Exception):
    """The budget, or a share of it, is spent."""


class Budget:
    """Bytes held by all requests, in all and by address."""

    def __init__(self, total: int) -> None:
        self.total, self.held = total, 0
        self.by: Counter[str] = Counter()
        self.turns = asyncio.Semaphore(TURNS)


class Purse:
    """What one request holds of a budget: of its address' share, and of its owner's once that is known."""

    def __init__(self, budget: Budget, address: str) -> None:
        self.budget, self._taken = budget, 0
        self._names: tuple[str, ...] = (address,)

    def own(self, name: str) -> None:
        """Name the key, token or kind of call that shares as well. Before anything is taken."""
        self._names = (*self._names, name)

    def take(self, size: int) -> None:
        """Hold so many bytes more. Raises Full."""
        budget, small = self.budget, self._taken + size <= SMALL
        most = budget.total if small else budget.total - budget.total // RESERVE
        share = budget.total // SHARE
        if budget.held + size > most or (not small and any(budget.by[name] + size > share for name in self._names)):
            raise Full
        self._add(size)

    def release(self) -> None:
        """Give everything back."""
        if self._taken:
            self._add(-self._taken)

    def _add(self, size: int) -> None:
        by = self.budget.by
        self.budget.held += size
        self._taken += size
        for name in self._names:
            by[name] += size
            if not by[name]:
                del by[name]


def take(scope: MutableMapping[str, Any], size: int) -> None:
    """Hold bytes for the request of this scope, where a server counts them. Raises Full."""
    if purse := scope.get(NAME):
        purse.take(size)


def turn(scope: MutableMapping[str, Any]) -> AbstractAsyncContextManager[None]:
    """The time in which the body of this scope's request may pass by, kept by nobody."""
    purse = scope.get(NAME)
    return purse.budget.turns if purse else nullcontext()


def owned(scope: MutableMapping[str, Any], name: str) -> None:
    """Say whose body it is that the request of this scope brings: a key, a token, or a kind of call that does not tell before."""
    if purse := scope.get(NAME):
        purse.own(name)
