"""Showing a document without a screen: one side after the other, another picture where one is asked for, an end where none helps."""

from typing import Any

import pytest

from openekyc.capture.messages import CardAnswer, DocumentPlan
from openekyc.simulator.presenting import DocumentMissing, DocumentNotAccepted, from_files, present

PLAN: dict[str, Any] = {
    "kind": "MacaoIDCard", "title": "a card", "sides": ("front", "back"), "shutter": "manual", "auto_timeout_ms": 1, "upload": False,
    "review": True, "editable": True, "fields": (), "done_sides": (), "confirmed": False, "retakes_left": 2,
}  # fmt: skip


class Client:
    """Answers as told."""

    def __init__(self, *states: str) -> None:
        self.states, self.sent, self.confirmed = list(states), [], 0  # type: ignore[var-annotated]

    def put_picture(self, side: str, picture: bytes) -> None:
        self.sent.append((side, picture))

    def wait_picture(self, side: str) -> CardAnswer:
        state: Any = self.states.pop(0)
        return CardAnswer(state, ("blur",) if state != "accepted" else (), 1, ())

    def confirm(self) -> None:
        self.confirmed += 1


def shown(client: Client, *takes: dict[str, bytes], **plan: Any) -> Client:
    given = iter(takes)
    last = takes[-1]
    present(client, DocumentPlan(**PLAN | plan), lambda _: next(given, last))  # type: ignore[arg-type]
    return client


def test_both_sides_are_shown_and_confirmed() -> None:
    client = shown(Client("accepted", "accepted"), {"front": b"f", "back": b"b"})
    assert (client.sent, client.confirmed) == ([("front", b"f"), ("back", b"b")], 1)


def test_what_is_done_is_not_shown_again() -> None:
    assert shown(Client("accepted"), {"back": b"b"}, done_sides=("front",)).sent == [("back", b"b")]
    assert shown(Client(), {}, confirmed=True).confirmed == 0


def test_a_retake_gets_another_picture() -> None:
    client = shown(Client("retake", "accepted"), {"front": b"1"}, {"front": b"2"}, sides=("front",))
    assert client.sent == [("front", b"1"), ("front", b"2")]


def test_the_same_file_is_not_sent_again_and_again() -> None:
    with pytest.raises(DocumentNotAccepted, match="blur"):
        shown(client := Client("retake", "retake"), {"front": b"1"}, sides=("front",))
    assert client.sent == [("front", b"1")]


def test_a_refusal_is_the_end() -> None:
    with pytest.raises(DocumentNotAccepted, match="refused"):
        shown(Client("refused"), {"front": b"1"}, {"front": b"2"}, sides=("front",))


def test_a_missing_side_is_named(tmp_path: Any) -> None:
    (tmp_path / "front.jpg").write_bytes(b"f")
    with pytest.raises(DocumentMissing):
        present(Client("accepted"), DocumentPlan(**PLAN), from_files({"front": tmp_path / "front.jpg"}))  # type: ignore[arg-type]
