"""The bench of presentation attacks: every species and a bona fide population through a real server, with counts and 95 % intervals.

Seeds are frozen: `--set reported` gives the figures that are published, `--set tuning` others to develop with; whoever changes a cue or
the renderer looks at the second only. The challenges are drawn by the server and differ from run to run. A sandbox account is used: the
silent cue is recorded and does not decide, since every rendered face is an artefact. People are
variations of the packaged portrait; in splices somebody else answers, from two pictures that the tests fetch.

`--run ambient` films the same seeds, live and in print, under a screen that is weaker and weaker against the room's light.

Every session is appended to a file of JSON lines; what is there already is not run again, so an interrupted run goes on when called anew.

Usage: python benchmarks/rig.py [--run small|standard|full|ambient] [--set reported|tuning] [--out rig.jsonl] [--jobs N]
                                [--subjects live,curved] [--levels 4,3]
       python benchmarks/rig.py --table [--run ...] --out rig.jsonl
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from rig_tables import PRINTS, ambient_table, table
from rigging import Access, drive, interruptible, known, most_jobs, new_keys, people, serving

from openekyc.errors import OpenEkycError
from openekyc.simulator.integrator import Integrator
from openekyc.simulator.knobs import KINDS, Kind
from openekyc.simulator.population import REPORTED, TUNING
from openekyc.simulator.sessions import Order, Session, failed, run

RUNS = {  # sessions of each subject, by level: (live, prints, other species)
    "small": {4: (6, 6, 6)},
    "standard": {4: (60, 30, 30), 3: (60, 30, 30), 2: (30, 20, 5), 1: (10, 2, 2)},
    "full": {4: (300, 300, 300), 3: (300, 300, 300), 2: (300, 300, 300), 1: (300, 300, 300)},
    "ambient": {3: (15, 4, 0)},  # at each of `SHARES`
}
SHARES = (0.8, 0.4, 0.2, 0.1, 0.06, 0.04, 0.02)  # light of a white screen at the nose over the room's
SEEDS = {"reported": REPORTED, "tuning": TUNING}


def attempt(access: Access, order: Order) -> Session:
    """One session; what kept it from a result is noted in it."""
    try:
        with Integrator(access.server, access.secret_id, access.secret_key) as integrator:
            return run(integrator, access.server, people(), order)
    except OpenEkycError as error:
        return failed(order, error)


def orders(chosen: argparse.Namespace) -> Iterator[Order]:
    """All sessions of a run; levels first, then seeds, so that an interrupted run has something of every subject. No two levels share a
    seed of a subject: the more people, the narrower the intervals over both."""
    shares = SHARES if chosen.run == "ambient" else (None,)
    first = dict.fromkeys(KINDS, SEEDS[chosen.set])
    for level, counts in RUNS[chosen.run].items():
        wanted = {kind: _sessions(kind, *counts) for kind in KINDS}
        for place in range(max(wanted.values()) if level in chosen.levels else 0):
            for kind in [kind for kind, count in wanted.items() if place < count and kind in chosen.subjects]:
                for share in shares:
                    yield Order(kind, level, first[kind] + place, share=share)
        first = {kind: seed + wanted[kind] for kind, seed in first.items()}


def _sessions(kind: Kind, live: int, prints: int, others: int) -> int:
    return live if kind == "live" else prints if kind in PRINTS else others


def place_of(one: Order | Session) -> tuple[str, int, int, float | None]:
    """Which session of a run this is."""
    return one.kind if isinstance(one, Order) else one.subject, one.level, one.seed, one.share


def wanted_only(sessions: Iterable[Session], todo: Iterable[Order]) -> list[Session]:
    """Those of a file that belong to this run and came to a result, one for each order; the others are tried again."""
    asked = {place_of(order) for order in todo}
    return list({place_of(session): session for session in sessions if session.result is not None and place_of(session) in asked}.values())


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", choices=RUNS, default="standard")
    parser.add_argument("--set", choices=SEEDS, default="reported")
    parser.add_argument("--out", type=Path, default=Path("rig.jsonl"), help="JSON lines; an existing file is continued")
    parser.add_argument("--jobs", type=int, default=most_jobs())
    parser.add_argument("--subjects", type=lambda text: text.split(","), default=list(KINDS))
    parser.add_argument("--levels", type=lambda text: [int(level) for level in text.split(",")], default=[4, 3, 2, 1])
    parser.add_argument("--table", action="store_true", help="print the table of --out and run nothing")
    return parser.parse_args()


def main() -> int:
    """Run what is missing and print the table. 0 if every aim is met, 1 if not."""
    chosen = options()
    everything = list(orders(chosen))
    done = {place_of(session) for session in wanted_only(known(chosen.out, Session), everything)}
    todo = [order for order in everything if place_of(order) not in done]
    if todo and not chosen.table:
        people()  # fetches what is missing once, not in every process
        with interruptible(), tempfile.TemporaryDirectory() as folder:
            (key,) = new_keys(Path(folder), ["rig"], sandbox=True)
            with serving(Path(folder), chosen.jobs) as server:
                drive(partial(attempt, Access(server, *key)), todo, chosen.out, chosen.jobs)
    tell = ambient_table if chosen.run == "ambient" else table
    return 0 if tell(wanted_only(known(chosen.out, Session), everything)) else 1


if __name__ == "__main__":
    sys.exit(main())
