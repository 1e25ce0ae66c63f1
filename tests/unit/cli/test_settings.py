"""Where settings come from, and what a faulty one says."""

from pathlib import Path

import pytest

from openekyc.errors import SettingsError
from openekyc.setting_sources import load, meaning, resolve
from openekyc.settings import Settings


def test_defaults_stand_alone(tmp_path: Path) -> None:
    assert load(environ={}, options={"home": tmp_path}) == Settings(home=tmp_path)


def test_later_sources_win_and_are_named(tmp_path: Path) -> None:
    (tmp_path / "openekyc.toml").write_text('port = 1\nhost = "::1"\nrate_per_second = 7\n')
    found = resolve(environ={"OPENEKYC_PORT": "2", "OPENEKYC_HOST": "0.0.0.0"}, options={"home": tmp_path, "port": 3, "host": None})
    assert (found.settings.port, found.settings.host, found.settings.rate_per_second) == (3, "0.0.0.0", 7)
    assert [found.sources[name] for name in ("port", "host", "rate_per_second", "workers")] == [
        "option",
        "OPENEKYC_HOST",
        str(tmp_path / "openekyc.toml"),
        "default",
    ]


def test_home_of_the_environment_decides_which_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "openekyc.toml").write_text("port = 4321\n")
    assert load(environ={"OPENEKYC_HOME": str(tmp_path)}).port == 4321


def test_environment_lists_and_truth_values() -> None:
    found = load(environ={"OPENEKYC_REGIONS": "a, b", "OPENEKYC_PAID_TIERS": "true", "OPENEKYC_MODELS": ""})
    assert (found.regions, found.paid_tiers, found.models) == (("a", "b"), True, None)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("OPENEKYC_PORT", "eighty"),
        ("OPENEKYC_PORT", "70000"),
        ("OPENEKYC_WORKERS", "0"),
        ("OPENEKYC_LOG_LEVEL", "loud"),
        ("OPENEKYC_PAID_TIERS", "perhaps"),
        ("OPENEKYC_HOME", ""),
        ("OPENEKYC_RATE_PER_SECOND", "-1"),
    ],
)
def test_a_fault_names_setting_source_and_remedy(variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(environ={variable: value})
    name = variable.removeprefix("OPENEKYC_").lower()
    assert name in caught.value.message
    assert variable in caught.value.message
    assert caught.value.remedy


def test_an_unknown_setting_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SettingsError) as caught:
        load(environ={"OPENEKYC_RATE_PER_SECONDS": "3"})
    assert "`rate_per_second`" in caught.value.remedy


@pytest.mark.parametrize("content", [b"port = ", b"port = 'x'", b"nothing = 1", b"\xff\xfe", b"port = true"])
def test_a_faulty_file_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "my.toml"
    file.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load(file, environ={})
    assert str(file) in caught.value.message


def test_an_absent_file_is_a_fault_only_if_it_was_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "none.toml", environ={})


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_every_setting_says_what_it_does(name: str) -> None:
    assert meaning(name).endswith(".")
