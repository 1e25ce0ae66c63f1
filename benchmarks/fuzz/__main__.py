"""Feeds hostile input to everything that reads bytes from outside, and counts what breaks.

    python -m benchmarks.fuzz [--runs 1000000] [--least 50000] [--only calls,zone] [--minutes 45] [--out FILE]

A million inputs, at least fifty thousand a target, the rest shared out by what is quick. Inputs are made by atheris (libFuzzer, guided by
which code they reach) where it is installed, else by hypothesis. Every finished round is noted in the file, and the same command goes on
from there; what was learnt (the corpus) lies in build/fuzz. An input that breaks something is kept beside it, and the run ends with 1.
"""

import argparse
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import msgspec

OUT = Path("benchmarks/results/fuzz.jsonl")
WORK = Path("build/fuzz")
ROUND = 25_000  # inputs between two notes
SLOW = ("documents", "capture")  # an input takes them milliseconds; they are asked for the least only
LONGEST = 4096  # bytes of an input


class Round(msgspec.Struct, frozen=True):
    """So many inputs of one target, by which engine, and how many broke something."""

    target: str
    engine: str
    runs: int
    crashes: int
    seconds: float


def main() -> int:
    if "--round" not in sys.argv:
        from benchmarks.fuzz.targets import TARGETS
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=1_000_000, help="inputs in all")
    parser.add_argument("--least", type=int, default=50_000, help="inputs a target at least")
    parser.add_argument("--only", help="targets, with commas [default: all]")
    parser.add_argument("--minutes", type=float, default=45.0, help="begin no new round after so long")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--round", dest="one", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        return _child(given.one, given.runs, given.seed)
    names = [name for name in TARGETS if not given.only or name in given.only.split(",")]
    wanted = _shares(names, given.runs, given.least)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + 60 * given.minutes
    for name in names:
        while (missing := wanted[name] - _done(given.out, name)) > 0 and time.monotonic() < end:
            done = _round(name, min(ROUND, missing), len(_lines(given.out)))
            _note(given.out, done)
            if done.crashes:
                break  # the same input would break it again
    return _tell(given.out, wanted)


def _shares(names: list[str], runs: int, least: int) -> dict[str, int]:
    quick = [name for name in names if name not in SLOW] or names
    rest = max(0, runs - least * (len(names) - len(quick)))
    return {name: max(least, -(-rest // len(quick))) if name in quick else least for name in names}


def _round(name: str, runs: int, seed: int) -> Round:
    """One round in a process of its own: a crash of the interpreter is a finding, not the end."""
    begin = time.monotonic()
    engine = "atheris" if find_spec("atheris") else "hypothesis"
    command = [sys.executable, "-m", "benchmarks.fuzz", "--round", name, "--runs", str(runs), "--seed", str(seed + 1)]
    log = WORK / f"{name}.log"
    WORK.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as file:
        failed = subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, check=False).returncode != 0
    if failed:
        print(f"{name}: an input broke something; {log} and {WORK / name} hold it", file=sys.stderr)
    done = Round(name, engine, 0 if failed else runs, int(failed), round(time.monotonic() - begin, 1))
    print(f"{name}: {done.runs} inputs in {done.seconds:.0f} s", file=sys.stderr, flush=True)
    return done


# --- within a round -------------------------------------------------------------------------------------------------------


def _child(name: str, runs: int, seed: int) -> int:
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    return _by_atheris(name, runs, seed) if find_spec("atheris") else _by_hypothesis(name, runs, seed)


def _by_atheris(name: str, runs: int, seed: int) -> int:
    import atheris

    with atheris.instrument_imports(include=["openekyc"]):  # only what is imported here tells which of its code an input reached
        from benchmarks.fuzz.targets import TARGETS
    corpus = WORK / name
    corpus.mkdir(parents=True, exist_ok=True)
    target = TARGETS[name]
    for place, seeded in enumerate(target.seeds):
        (corpus / f"seed-{place}").write_bytes(seeded)
    words = corpus.with_suffix(".dict")
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words))
    run = target.make()
    options = [f"-runs={runs}", f"-max_len={LONGEST}", f"-seed={seed}", "-timeout=20", "-rss_limit_mb=2500", f"-artifact_prefix={corpus}-"]
    options += [f"-dict={words}"] if target.words else []
    atheris.Setup([sys.argv[0], *options, str(corpus)], run)
    atheris.Fuzz()  # ends the process
    return 0


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


def _by_hypothesis(name: str, runs: int, seed: int) -> int:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    from benchmarks.fuzz.targets import TARGETS

    target = TARGETS[name]
    run = target.make()
    words = [word.encode() for word in target.words] or [b""]
    piece = st.one_of(st.binary(max_size=40), st.sampled_from(words))

    @st.composite
    def changed(draw: st.DrawFn) -> bytes:
        whole = draw(st.sampled_from(target.seeds))
        for _ in range(draw(st.integers(0, 4))):
            begin = draw(st.integers(0, len(whole)))
            whole = whole[:begin] + draw(piece) + whole[begin + draw(st.integers(0, 12)) :]
        return whole[:LONGEST]

    checks = settings(max_examples=runs, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    seeded(seed)(checks(given(st.one_of(changed(), st.binary(max_size=300)))(run)))()
    return 0


# --- the notes ------------------------------------------------------------------------------------------------------------


def _lines(out: Path) -> list[Round]:
    return [msgspec.json.decode(line, type=Round) for line in out.read_bytes().splitlines()] if out.exists() else []


def _done(out: Path, name: str) -> int:
    return sum(line.runs for line in _lines(out) if line.target == name)


def _note(out: Path, done: Round) -> None:
    with out.open("ab") as file:
        file.write(msgspec.json.encode(done) + b"\n")


def _tell(out: Path, wanted: dict[str, int]) -> int:
    from benchmarks.fuzz.targets import TARGETS

    lines = _lines(out)
    print(f"{'target':11} {'inputs':>9} {'crashes':>8} {'seconds':>8}  what")
    for name in wanted:
        own = [line for line in lines if line.target == name]
        runs, crashes, seconds = (sum(getattr(line, part) for line in own) for part in ("runs", "crashes", "seconds"))
        print(f"{name:11} {runs:9} {crashes:8} {seconds:8.0f}  {TARGETS[name].about}")
    total = [sum(getattr(line, part) for line in lines) for part in ("runs", "crashes", "seconds")]
    print(f"{'all':11} {total[0]:9} {total[1]:8} {total[2]:8.0f}")
    return int(any(line.crashes for line in lines) or any(_done(out, name) < count for name, count in wanted.items()))


if __name__ == "__main__":
    sys.exit(main())
