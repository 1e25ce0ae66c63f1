"""Sealing: what comes back is what went in, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.errors import SealBroken
from openekyc.storage.seal import Seal

SEAL = Seal(b"k" * 32)


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_was_sealed_opens(plain: bytes, bound: str) -> None:
    assert SEAL.open(SEAL.seal(plain, bound), bound) == plain


@given(st.data())
def test_any_altered_byte_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(SEAL.seal(b"secret", "row"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        SEAL.open(bytes(sealed), "row")


@given(st.binary(max_size=60))
def test_foreign_bytes_are_refused(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        SEAL.open(sealed, "row")


def test_a_value_opens_only_in_its_own_row() -> None:
    with pytest.raises(SealBroken):
        SEAL.open(SEAL.seal(b"secret", "row 1"), "row 2")


def test_the_same_value_is_sealed_differently_each_time() -> None:
    assert SEAL.seal(b"secret", "row") != SEAL.seal(b"secret", "row")


def test_derived_secrets_differ_by_purpose_and_master() -> None:
    assert len({SEAL.derive("links"), SEAL.derive("other"), Seal(b"m" * 32).derive("links"), b"k" * 32}) == 4


def test_a_master_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(b"short")
