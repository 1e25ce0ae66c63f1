"""900 submissions that are not what they say, and the honest ones whose recordings they are made of: what is accepted at level 4.

First, live subjects answer sessions of an **ordinary** account, in which every cue decides (in a sandbox, silent and replay are
recorded only); their recordings and traces are kept, as somebody would who steals them. Then these come back: replayed, re-timed, looped,
spliced, with traces that lie (`openekyc.simulator.forgeries`). Half are submitted to that account, which has judged the recordings
before, half to accounts that never saw them, so that nobody has to take the replay cue's word for the others'. The capture client is
driven directly: `openekyc simulate` refuses to answer ordinary sessions. Rendered faces pass the silent network, so it helps nothing here.

Everything lies in one folder (server, recordings, results as JSON lines); called again it goes on where it stood.

Usage: python benchmarks/forged.py [--out forged] [--set reported|tuning] [--each 36] [--honest 60] [--jobs N] [--table]
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))

import msgspec
from rig_tables import told
from rigging import drive, interruptible, known, most_jobs, new_keys, people, serving

from openekyc.capture.client import CaptureClient, CaptureRefused
from openekyc.capture.messages import ClientInfo, Opened
from openekyc.engine.values import Gesture
from openekyc.errors import OpenEkycError
from openekyc.reports.rates import rate_of
from openekyc.simulator.cutting import FPS, Material
from openekyc.simulator.footage import Asked, Footage, Tap, submit
from openekyc.simulator.forgeries import FORGERIES, FRESH, GROUPS, Forgery, forge
from openekyc.simulator.integrator import Integrator
from openekyc.simulator.population import Presentation, presentation
from openekyc.simulator.run import capture

SEEDS = {"reported": 1_100_000, "tuning": 20_000}
LIVE_LATER = 50_000  # seeds of those who answer live while their client lies
HONEST = "honest"
WAIT_S = 1800.0
AIM = 0.03
SERVER_FAULT = 500  # a server that fails has refused nothing
UNJUDGED, FAULTS = "-999", ("1001",)  # no verdict yet; the engine failed
LOST = ("unreachable", "outcome_late", "session_busy", "answer_invalid", "attempt_timed_out")  # what says nothing about the submission


class Bench(msgspec.Struct, frozen=True):
    """Where things are: a server, the folder, keys of the account that knows the recordings and of those that do not."""

    server: str
    folder: Path
    first: int
    honest: int
    keys: tuple[tuple[str, str], ...]

    def integrator(self, place: int) -> Integrator:
        """Of the account number `place`; 0 is the one that judged the honest sessions."""
        return Integrator(self.server, *self.keys[place])

    def footage(self, place: int) -> Footage:
        """The recording of an honest session."""
        return msgspec.msgpack.decode((self.folder / "pool" / f"{place}.msgpack").read_bytes(), type=Footage)


class Task(msgspec.Struct, frozen=True):
    """One submission: `kind` is a forgery or `honest`; the account is 0 or one of its own."""

    kind: str
    place: int
    account: int = 0


class Done(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of it. `problem`: the capture endpoints refused it by that name, so that it was never judged."""

    kind: str
    place: int
    account: int
    person: str
    result: str
    tags: tuple[str, ...] = ()
    problem: str = ""
    seconds: float = 0.0


class NoVerdict(OpenEkycError):
    """The server judged nothing."""


class Lost(msgspec.Struct, frozen=True):
    """It came to nothing for no reason of its own; it is tried again."""

    lost: str


def shown(seed: int) -> Presentation:
    """A presentation at the rate of the pool: half the frames cost half."""
    drawn = presentation(seed)
    return msgspec.structs.replace(drawn, knobs=msgspec.structs.replace(drawn.knobs, fps=FPS))


def work(bench: Bench, task: Task) -> Done | Lost:
    """One submission from token to result."""
    begin = time.monotonic()
    try:
        done = honest(bench, task) if task.kind == HONEST else forged(bench, task)
    except OpenEkycError as error:
        return Lost(error.message)
    return msgspec.structs.replace(done, seconds=round(time.monotonic() - begin, 1))


def honest(bench: Bench, task: Task) -> Done:
    """Somebody answers; the recording is kept."""
    seen = shown(bench.first + task.place)

    def answer(client: CaptureClient, _: Opened) -> None:
        footage = live(client, seen)
        path = bench.folder / "pool" / f"{task.place}.msgpack"
        path.with_suffix(".part").write_bytes(msgspec.msgpack.encode(footage))
        path.with_suffix(".part").replace(path)
        submit(client, footage.video, footage.trace)

    return session(bench, task, seen.subject, seen.gesture, answer)


def forged(bench: Bench, task: Task) -> Done:
    """A forgery made of kept recordings, or of somebody who answers now."""
    kind: Forgery = next(name for name in FORGERIES if name == task.kind)
    random = Random(f"{kind} {task.place}")
    own = bench.footage((task.place * 7 + FORGERIES.index(kind)) % bench.honest)
    seen = shown(bench.first + LIVE_LATER + task.place * len(FORGERIES) + FORGERIES.index(kind))
    person, gesture = (seen.subject, seen.gesture) if kind in FRESH or kind == "other-attempt" else (own.person, gesture_of(own))

    def answer(client: CaptureClient, opened: Opened) -> None:
        nonlocal own
        if kind == "other-attempt":
            own = live(client, seen)
            client.leave()
        if kind in FRESH:
            own = live(client, seen)
            asked = own.asked
        else:
            begun = client.begin()
            asked = Asked(begun, client.light())
        others = [bench.footage(place) for place in random.sample(range(bench.honest), 2)]
        twin = next((one for one in pool_of(bench, own.person) if one != own), others[0])
        other = next(one for one in others if one.person != own.person or one is others[-1])
        video, trace = forge(kind, Material(asked, own, twin, other, random))
        submit(stranger(client) if kind == "wrong-nonce" else client, video, trace)

    return session(bench, task, person, gesture, answer)


def live(client: CaptureClient, seen: Presentation) -> Footage:
    """What somebody answers to the attempt that begins now; kept, not submitted."""
    tap = Tap(client)
    capture(tap, people().camera("live", seen), client.open().limits)
    return tap.footage(seen.subject)


def pool_of(bench: Bench, person: str) -> Sequence[Footage]:
    """A person's recordings in the pool."""
    places = [place for place in range(bench.honest) if presentation(bench.first + place).subject == person]
    return [bench.footage(place) for place in places[:3]]


def gesture_of(footage: Footage) -> Gesture:
    """The one that was asked for."""
    return next(step.gesture for step in footage.asked.steps.steps if hasattr(step, "gesture"))


def stranger(client: CaptureClient) -> CaptureClient:
    """The same client with another attempt's nonce."""
    client._nonce = "0" * len(client._nonce)
    return client


def session(bench: Bench, task: Task, person: str, gesture: Gesture, answer: Callable[[CaptureClient, Opened], None]) -> Done:
    """A token, what `answer` submits, and the result the integrator reads."""
    problem = ""
    with bench.integrator(task.account) as integrator:
        token = str(integrator.call("GetFaceIdTokenIntl", SecureLevel="4", ActionList=gesture)["SdkToken"])
        with CaptureClient(bench.server, token) as client:
            opened = client.open(ClientInfo(sdk="openekyc-forged"))
            try:
                answer(client, opened)
                client.wait_outcome(WAIT_S)
            except CaptureRefused as refused:
                if refused.problem in LOST or refused.status >= SERVER_FAULT:
                    raise
                problem = refused.problem
        told_ = integrator.call("GetFaceIdResultIntl", SdkToken=token)
    result = str(told_["Result"])
    if result in FAULTS or (result == UNJUDGED and not problem):
        raise NoVerdict(f"There was no verdict ({result}).")
    return Done(task.kind, task.place, task.account, person, result, tuple(told_.get("LivenessInfoTag") or ()), problem)


def tasks(chosen: argparse.Namespace) -> list[Task]:
    """All forgeries, in turns; every second one of each kind goes to an account of its own."""
    found, account = [], 0
    for place in range(chosen.each):
        for kind in FORGERIES:
            account += place % 2
            found.append(Task(kind, place, account if place % 2 else 0))
    return found


def table(done: Sequence[Done]) -> bool:
    """Print what was accepted; whether the aims were met."""
    own = [one for one in done if one.kind == HONEST]
    refused = rate_of([one.result != "0" for one in own], [one.person for one in own])
    print(f"honest: rejected {refused.errors} of {refused.n}, {refused.low:.1%} .. {refused.high:.1%}  {results(own)}\n")
    for group, kinds in GROUPS.items():
        print(group)
        for kind in kinds:
            row(f"  {kind}", [one for one in done if one.kind == kind])
        row("  together", [one for one in done if one.kind in kinds])
    every = [one for one in done if one.kind != HONEST]
    for name, judged in (
        ("the account that knows", [one for one in every if not one.account]),
        ("accounts that do not", [o for o in every if o.account]),
    ):
        row(name, judged)
    row("all", every)
    return not any(one.result == "0" for one in every) and (refused.rate or 0) <= AIM


def row(name: str, own: Sequence[Done]) -> None:
    """A line of the table."""
    if own:
        print(f"{name:24} {told(rate_of([one.result == '0' for one in own], [one.person for one in own]))}  {results(own)}")


def results(own: Sequence[Done]) -> str:
    """Why the others were not accepted: result with its tags, or what the capture endpoints called it."""
    why = Counter(one.problem or f"{one.result} {'+'.join(one.tags)}".strip() for one in own if one.result != "0")
    return ", ".join(f"{name}: {count}" for name, count in why.most_common())


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("forged"), help="folder; an existing one is continued")
    parser.add_argument("--set", choices=SEEDS, default="reported")
    parser.add_argument("--each", type=int, default=36, help="submissions of each of the 25 kinds")
    parser.add_argument("--honest", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=most_jobs())
    parser.add_argument("--table", action="store_true", help="print the table of --out and run nothing")
    return parser.parse_args()


def keys_of(folder: Path, count: int) -> tuple[tuple[str, str], ...]:
    """Keys of that many ordinary accounts; made once."""
    path = folder / "keys.json"
    found = msgspec.json.decode(path.read_bytes(), type=tuple[tuple[str, str], ...]) if path.exists() else ()
    if len(found) < count:
        found += new_keys(folder / "home", [f"account-{place}" for place in range(len(found), count)], sandbox=False)
        path.write_bytes(msgspec.json.encode(found))
    return found


def main() -> int:
    """Run what is missing and print the table. 0 if the aims are met, 1 if not."""
    chosen = options()
    (chosen.out / "pool").mkdir(parents=True, exist_ok=True)
    (chosen.out / "home").mkdir(exist_ok=True)
    results_path, every = chosen.out / "results.jsonl", tasks(chosen)
    stages = [[Task(HONEST, place) for place in range(chosen.honest)], every]
    if not chosen.table:
        people()
        keys = keys_of(chosen.out, 1 + max(task.account for task in every))
        with interruptible(), serving(chosen.out / "home", chosen.jobs) as server:
            bench = Bench(server, chosen.out, SEEDS[chosen.set], chosen.honest, keys)
            for stage in stages:
                have = {(one.kind, one.place) for one in known(results_path, Done)}
                drive(partial(work, bench), [task for task in stage if (task.kind, task.place) not in have], results_path, chosen.jobs)
                if not all((chosen.out / "pool" / f"{place}.msgpack").exists() for place in range(chosen.honest)):
                    sys.exit("some honest sessions came to nothing; the same command tries them again")
    wanted = {(task.kind, task.place) for stage in stages for task in stage}
    done = {(one.kind, one.place): one for one in known(results_path, Done) if (one.kind, one.place) in wanted}
    return 0 if table(list(done.values())) else 1


if __name__ == "__main__":
    sys.exit(main())
