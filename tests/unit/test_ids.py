"""Identifiers have the forms that clients expect."""

import re
import uuid

from openekyc import ids


def test_request_ids_are_random_uuids() -> None:
    made = {ids.request_id() for _ in range(200)}
    assert len(made) == 200
    for text in made:
        parsed = uuid.UUID(text)
        assert (str(parsed), parsed.version, parsed.variant) == (text, 4, uuid.RFC_4122)


def test_tokens_are_upper_case_uuids() -> None:
    assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", ids.sdk_token())
