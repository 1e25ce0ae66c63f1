"""The bench of presentation attacks: every species and a bona fide population through a real server, with counts and 95 % intervals.

Seeds are frozen: `--set reported` gives the figures that are published, `--set tuning` others to develop with; whoever changes a cue or
the renderer looks at the second only. The challenges are drawn by the server and differ from run to run. A sandbox account is used: the
silent cue is recorded and does not decide, since every rendered face is an artefact. People are
variations of the packaged portrait; in splices somebody else answers, from two pictures that the tests fetch.

Every session is appended to a file of JSON lines; what is there already is not run again, so an interrupted run goes on when called anew.

Usage: python benchmarks/rig.py [--run small|standard|full] [--set reported|tuning] [--out rig.jsonl] [--jobs N]
                                [--subjects live,curved] [--levels 3,4]
       python benchmarks/rig.py --table --out rig.jsonl
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import BinaryIO

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(1, str(Path(__file__).parent.parent))

import msgspec
from tokens import openekyc

from openekyc.app import open_keys
from openekyc.credentials import permanent_key
from openekyc.engine.runtime import Models
from openekyc.errors import OpenEkycError
from openekyc.reports.rates import rate_of
from openekyc.settings import Settings
from openekyc.simulator.integrator import Integrator
from openekyc.simulator.knobs import KINDS
from openekyc.simulator.population import REPORTED, TUNING, Cast
from openekyc.simulator.sessions import Order, Session, failed, run
from tests.assets import asset

STRANGERS = ("obama.jpg", "biden.jpg")
RUNS = {  # sessions of each subject, by level: (live, species)
    "small": {4: (6, 6)},
    "standard": {1: (15, 5), 2: (60, 20), 3: (120, 60), 4: (120, 60)},
    "full": {1: (300, 300), 2: (300, 300), 3: (300, 300), 4: (300, 300)},
}
PRINTS = ("photo", "tilted", "curved", "cutout")
SEEDS = {"reported": REPORTED, "tuning": TUNING}
LIVE_AIM, ATTACK_AIM = 0.98, 0.01


class Access(msgspec.Struct, frozen=True):
    """A server and a sandbox key of it."""

    server: str
    secret_id: str
    secret_key: str


@cache
def people() -> Cast:
    """Those who are filmed; once per process."""
    return Cast(Models(Settings().models_folder), [asset(name) for name in STRANGERS])


def attempt(access: Access, order: Order) -> Session:
    """One session; what kept it from a result is noted in it."""
    try:
        with Integrator(access.server, access.secret_id, access.secret_key) as integrator:
            return run(integrator, access.server, people(), order)
    except OpenEkycError as error:
        return failed(order, error)


def orders(chosen: argparse.Namespace) -> Iterator[Order]:
    """All sessions of a run; levels first, then seeds, so that an interrupted run has something of every subject."""
    first = SEEDS[chosen.set]
    for level, (live, species) in RUNS[chosen.run].items():
        if level not in chosen.levels:
            continue
        for place in range(max(live, species)):
            for kind in KINDS:
                if kind in chosen.subjects and place < (live if kind == "live" else species):
                    yield Order(kind, level, first + place)


def known(path: Path) -> list[Session]:
    """The sessions noted so far. A line that a crash cut off is left out, and so is what came to no result: it is tried again."""
    sessions = []
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            sessions.append(msgspec.json.decode(line, type=Session))
        except msgspec.DecodeError:
            continue
    return [session for session in sessions if session.result is not None]


def drive(access: Access, todo: Sequence[Order], path: Path, jobs: int) -> None:
    """Run the sessions over `jobs` processes and note each as soon as it is done."""
    pool = ProcessPoolExecutor(jobs)
    try:
        with path.open("ab") as file:
            if file.tell() and not path.read_bytes().endswith(b"\n"):
                file.write(b"\n")
            note(pool.map(attempt, [access] * len(todo), todo), len(todo), file)
    finally:  # interrupted: what runs is finished, what waits is dropped
        pool.shutdown(cancel_futures=True)


def note(sessions: Iterable[Session], total: int, file: BinaryIO) -> None:
    """Append every session and say now and then how far it is."""
    begin = time.monotonic()
    for count, session in enumerate(sessions, 1):
        file.write(msgspec.json.encode(session) + b"\n")
        file.flush()
        if count % 10 == 0 or count == total:
            spent = time.monotonic() - begin
            print(f"{count}/{total}  {spent:.0f} s, {spent / count * (total - count):.0f} s to go", file=sys.stderr, flush=True)


def table(sessions: Sequence[Session]) -> bool:
    """Print the shares that passed; whether every aim was met."""
    met = True
    for level in sorted({session.level for session in sessions}):
        print(f"\nlevel {level}")
        for kind in KINDS:
            own = [session for session in sessions if (session.level, session.subject) == (level, kind)]
            met &= line(kind, own, aim(kind, level))
    live = [session for session in sessions if session.subject == "live"]
    print("\nlive, by condition, levels with light" * bool(live))
    for condition in ("light", "camera"):
        for value in dict.fromkeys(sorted(getattr(session, condition) for session in live)):
            own = [session for session in live if session.level in (3, 4) and getattr(session, condition) == value]
            met &= line(f"{condition} {value}", own, "live")
    return met


def aim(kind: str, level: int) -> str:
    """What is wanted of a subject at a level: that it passes, that it does not, or nothing."""
    if kind == "live":
        return "live"
    return "attack" if level >= 3 or (level == 2 and kind in PRINTS) else ""


def line(name: str, own: Sequence[Session], wanted: str) -> bool:
    """One line of the table; False if its aim was missed."""
    if not own:
        return True
    rate = rate_of([session.passed for session in own], [session.person for session in own])
    share = rate.rate or 0.0
    missed = (wanted == "live" and share < LIVE_AIM) or (wanted == "attack" and share > ATTACK_AIM)
    codes = Counter(session.result for session in own)
    rest = " ".join(f"{code}:{times}" for code, times in sorted(codes.items()) if code != "0")
    print(f"{name:16} passed {rate.errors:3}/{rate.n:<3}  {rate.low:6.1%} .. {rate.high:6.1%}  {'AIM MISSED' if missed else '':10}  {rest}")
    return not missed


async def sandbox_key(home: Path) -> tuple[str, str]:
    """A key of a sandbox account."""
    async with open_keys(Settings(home=home)) as store:
        key = permanent_key("rig", (), time.time(), sandbox=True)
        await store.add(key)
    return key.secret_id, key.secret_key


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", choices=RUNS, default="standard")
    parser.add_argument("--set", choices=SEEDS, default="reported")
    parser.add_argument("--out", type=Path, default=Path("rig.jsonl"), help="JSON lines; an existing file is continued")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--subjects", type=lambda text: text.split(","), default=list(KINDS))
    parser.add_argument("--levels", type=lambda text: [int(level) for level in text.split(",")], default=[1, 2, 3, 4])
    parser.add_argument("--table", action="store_true", help="print the table of --out and run nothing")
    return parser.parse_args()


def wanted_only(sessions: Iterable[Session], todo: Iterable[Order]) -> list[Session]:
    """Those of a file that belong to this run, one for each order."""
    asked = {(order.kind, order.level, order.seed) for order in todo}
    return list({key: session for session in sessions if (key := (session.subject, session.level, session.seed)) in asked}.values())


def main() -> int:
    """Run what is missing and print the table. 0 if every aim is met, 1 if not."""
    chosen = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped, too
    everything = list(orders(chosen))
    done = {(session.subject, session.level, session.seed) for session in known(chosen.out)}
    todo = [order for order in everything if (order.kind, order.level, order.seed) not in done]
    if todo and not chosen.table:
        people()  # fetches what is missing once, not in every process
        with tempfile.TemporaryDirectory() as folder:
            key = asyncio.run(sandbox_key(Path(folder)))
            with openekyc(Path(folder)) as (_, port):
                drive(Access(f"http://127.0.0.1:{port}", *key), todo, chosen.out, chosen.jobs)
    return 0 if table(wanted_only(known(chosen.out), everything)) else 1


if __name__ == "__main__":
    sys.exit(main())
