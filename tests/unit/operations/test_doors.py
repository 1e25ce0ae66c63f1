"""How many connections and bytes there may be, and from whom."""

import pytest
from structlog.testing import capture_logs

from openekyc.operations import doors
from openekyc.operations.doors import Doors, compressed, household
from openekyc.operations.proxies import as_address
from openekyc.settings import Settings


class Visitor:
    """A connection that remembers how it ended."""

    def __init__(self) -> None:
        self.taken, self.ended, self.looked = 0, [], 0

    def end(self, code, reason):
        self.ended.append((code, reason))

    def end_if_silent(self, now):
        self.looked += 1


def opened(descriptors=1000, **changes) -> Doors:
    return Doors(Settings(**changes), descriptors)


def send(found: Doors, visitor: Visitor, name: str, size: int) -> None:
    visitor.taken += size
    found.take(visitor, name, size)


def test_an_address_may_hold_so_many_and_others_are_not_concerned():
    found = opened(connections_per_address=2)
    assert [found.enter(Visitor(), "192.0.2.1")[1] for _ in range(3)] == [None, None, "address"]
    assert found.enter(Visitor(), "192.0.2.2")[1] is None


def test_a_connection_that_left_makes_room():
    found = opened(connections_per_address=1)
    first = Visitor()
    name, _ = found.enter(first, "192.0.2.1")
    found.leave(first, name)
    found.leave(first, name)
    assert [found.enter(Visitor(), "192.0.2.1")[1] for _ in range(2)] == [None, "address"]


def test_a_household_is_a_64_and_proxies_of_ours_are_not_counted():
    found = opened(connections_per_address=1, trusted_proxies=("10.0.0.0/8",))
    assert [found.enter(Visitor(), peer)[1] for peer in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")] == [None, "address", None]
    assert [found.enter(Visitor(), "10.0.0.1") for _ in range(3)] == [("", None)] * 3
    assert household(as_address("::ffff:192.0.2.1")) == "192.0.2.1"


@pytest.mark.parametrize("setting", [0, 256])
def test_where_there_is_room_for_few_one_address_has_half_of_it(setting):
    found = opened(descriptors=doors.SPARE_DESCRIPTORS + 4, connections_per_address=setting)
    assert [found.enter(Visitor(), "192.0.2.1")[1] for _ in range(3)] == [None, None, "address"]


def test_there_are_no_more_connections_than_descriptors():
    found = opened(descriptors=doors.SPARE_DESCRIPTORS + 3)
    assert [found.enter(Visitor(), f"192.0.2.{place}")[1] for place in range(4)] == [None, None, None, "descriptors"]


def test_one_address_has_a_quarter_of_the_bytes():
    found, visitor = opened(bodies_max_bytes=4_000_000), Visitor()
    name, _ = found.enter(visitor, "192.0.2.1")
    send(found, visitor, name, 1_000_000)
    assert not visitor.ended
    send(found, visitor, name, 1)
    assert visitor.ended == [(503, "bytes")]


def test_over_the_budget_the_largest_goes_and_a_small_call_gets_through():
    found = opened(bodies_max_bytes=4_000_000)
    visitors = [Visitor() for _ in range(5)]
    names = [found.enter(visitor, f"192.0.2.{place}")[0] for place, visitor in enumerate(visitors)]
    for visitor, name, size in zip(visitors, names, [900_000, 999_000, 990_000, 995_000, 200_000], strict=True):
        send(found, visitor, name, size)
    assert [bool(visitor.ended) for visitor in visitors] == [False, True, False, False, False]
    caller = Visitor()
    send(found, caller, found.enter(caller, "192.0.2.9")[0], 2_000)
    assert not caller.ended


def test_bytes_that_are_done_with_count_no_more():
    found, visitor = opened(bodies_max_bytes=4_000_000), Visitor()
    name, _ = found.enter(visitor, "192.0.2.1")
    for _ in range(20):
        send(found, visitor, name, 900_000)
        found.give_back(name, visitor.taken)
        visitor.taken = 0
    assert not visitor.ended


def test_refusals_are_told_in_one_line():
    found, seen = opened(), []
    found.observe = seen.append
    for reason in ("head", "head", "silent"):
        found.refused(reason)
    with capture_logs() as logs:
        found.tell()
    assert seen == ["head", "head", "silent"]
    assert [(line["event"], line["head"], line["silent"]) for line in logs] == [("connections_refused", 2, 1)]


@pytest.mark.parametrize(
    ("value", "is_compressed"), [(b"gzip", True), (b"identity", False), (b"GZIP, br", True), (b"", False), (b" Identity ", False)]
)
def test_what_counts_as_compressed(value, is_compressed):
    assert compressed([(b"host", b"x"), (b"content-encoding", value)]) is is_compressed
