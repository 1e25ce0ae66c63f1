"""What is written in docs/ and README.md: links lead somewhere, samples parse, commands exist."""

import ast
import json
import re
import shlex
import subprocess
import tomllib
from itertools import pairwise

import click
import pytest

from openekyc.cli.main import cli
from tests import docs

REGISTRIES = re.compile(
    r"(pypi|pythonhosted|npmjs|registry|proxy\.golang|crates|rubygems|packagist|maven|(deb|ftp)\.debian)\S*\.\w+/", re.I
)
PAGES = [pytest.param(page, id=docs.name(page)) for page in docs.pages()]
USER_PAGES = [pytest.param(page, id=docs.name(page)) for page in docs.pages() if "/research/" not in docs.name(page)]
SAMPLES = [pytest.param(sample, id=sample.place) for page in docs.pages() for sample in docs.samples(page)]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_a_file_and_a_heading(page):
    faults = []
    for link in docs.links(page):
        path, _, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            faults.append(f"{link}: there is no such file")
        elif anchor and anchor not in docs.anchors(target):
            faults.append(f"{link}: there is no such heading")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("page", PAGES)
def test_pages_render_alike_on_code_hosts_and_in_the_site(page):
    """MkDocs wants an empty line before a list and four spaces before what belongs to its items."""
    lines = docs.prose(page).splitlines()
    assert lines[0].startswith("# ") or lines[0].startswith("<!--"), "a page begins with its title"
    assert sum(line.startswith("# ") for line in lines) == 1
    item = re.compile(r" *([-*]|\d+\.) ")
    for before, line in pairwise(lines):
        if item.match(line):
            assert not before.strip() or item.match(before) or before.startswith(" "), f"an empty line is missing before: {line}"
            assert (len(line) - len(line.lstrip())) % 4 == 0, f"indent by four spaces: {line}"
        if line.startswith("|"):
            assert not before.strip() or before.startswith("|"), f"an empty line is missing before: {line}"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_registry(page):
    assert not REGISTRIES.search(page.read_text("utf-8"))


@pytest.mark.parametrize("page", USER_PAGES)
def test_no_user_page_tells_the_history_of_a_measurement(page):
    text = docs.prose(page)
    for sign in (r"\bcommit [0-9a-f]{7}", r"\btuning seeds?\b", r"\breported seeds?\b", r"\ban earlier run\b", r"\bthe run before\b"):
        assert not re.search(sign, text), sign


def test_the_readme_is_short():
    assert len((docs.ROOT / "README.md").read_text("utf-8").splitlines()) <= 90


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples_parse(sample):
    match sample.language:
        case "python":
            ast.parse(sample.text)
        case "json":
            json.loads(sample.text)
        case "toml":
            tomllib.loads(sample.text)
        case "sh" | "bash":
            done = subprocess.run(["sh", "-n"], input=sample.text, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("place", "line"), sorted(set(docs.command_lines())))
def test_commands_exist_with_their_options(place, line):
    if "[OPTIONS]" in line:
        return  # a help text's first line
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|;&>")
    lexer.whitespace_split = True
    words = list(lexer)
    ends = [at for at, word in enumerate(words) if set(word) <= set("|;&>")]
    _parsed(cli, words[1 : min(ends, default=len(words))])


def _parsed(command: click.Command, words: list[str]) -> None:
    """Parse without running: options and the number of arguments, not their values. Raises click.UsageError."""
    context = click.Context(command, info_name="openekyc")
    if isinstance(command, click.Group):
        below = command.get_command(context, words[0])
        assert below, f"there is no command {words[0]}"
        return _parsed(below, words[1:])
    given, rest, _ = command.make_parser(context).parse_args(words)
    assert not rest, f"{command.name} takes no {rest}"
    for parameter in command.params:
        empty = given.get(parameter.name or "") in (None, ())
        assert not (parameter.required and empty and "--help" not in words), f"{command.name} needs {parameter.opts[0]}"
    return None


SPAN = re.compile(r"`openekyc ([a-z][a-z-]*)([^`]*)`")


@pytest.mark.parametrize("page", PAGES)
def test_commands_named_in_a_sentence_exist(page):
    context = click.Context(cli)
    for name, rest in SPAN.findall(page.read_text("utf-8")):
        command = cli.get_command(context, name)
        assert command, f"there is no command {name}"
        first = rest.split()[0] if rest.split() else ""
        if isinstance(command, click.Group) and re.fullmatch(r"[a-z-]+", first):
            command = command.get_command(context, first)
            assert command, f"there is no command {name} {first}"
        known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
        assert isinstance(command, click.Group) or set(re.findall(r"--[a-z-]+", rest)) <= known, rest
