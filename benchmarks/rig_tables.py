"""What the rig prints: how many of each subject passed, with 95 % intervals resampled by person, and whether the aims were met."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from openekyc.reports.rates import Rate, rate_of
from openekyc.simulator.knobs import KINDS
from openekyc.simulator.population import skin_of
from openekyc.simulator.sessions import Session

PRINTS = ("photo", "tilted", "curved", "cutout")
LIVE_AIM, ATTACK_AIM = 0.98, 0.01
UNSEEN = ("0", "1201")  # what a live person may hear about the light: passed, or too much of it
CONDITIONS: dict[str, Callable[[Session], str]] = {
    "light": lambda session: session.light,
    "camera": lambda session: session.camera,
    "codec": lambda session: session.codec,
    "frames a second": lambda session: "10 to 15" if session.fps <= 15 else "20 to 30",
    "skin": lambda session: _skin(skin_of(int(session.person.rpartition("-")[2]))),
}


def _skin(reflectance: float) -> str:
    return "0.35 to 0.55" if reflectance < 0.55 else "0.55 to 0.8" if reflectance < 0.8 else "0.8 to 1"


def table(sessions: Sequence[Session]) -> bool:
    """Print the shares that passed, by level and subject and for live people by condition; whether every aim was met."""
    met = True
    for level in sorted({session.level for session in sessions}):
        print(f"\nlevel {level}")
        for kind in KINDS:
            own = [session for session in sessions if (session.level, session.subject) == (level, kind)]
            met &= line(kind, own, aim(kind, level))
    live = [session for session in sessions if session.subject == "live" and session.level in (3, 4)]
    print("\nlive, by condition, levels with light" * bool(live))
    for name, of in CONDITIONS.items():
        for value in sorted({of(session) for session in live}):
            met &= line(f"{name} {value}", [session for session in live if of(session) == value], "live")
    return met


def aim(kind: str, level: int) -> str:
    """What is wanted of a subject at a level: that it passes, that it does not, or nothing."""
    if kind == "live":
        return "live"
    return "attack" if level >= 3 or (level == 2 and kind in PRINTS) else ""


def line(name: str, own: Sequence[Session], wanted: str = "") -> bool:
    """One line of the table; False if its aim was missed."""
    if not own:
        return True
    rate = passed(own)
    share = rate.rate or 0.0
    missed = (wanted == "live" and share < LIVE_AIM) or (wanted == "attack" and share > ATTACK_AIM)
    print(f"{name:25} {told(rate)}  {'AIM MISSED' if missed else '':10}  {codes(own)}")
    return not missed


def passed(own: Sequence[Session]) -> Rate:
    """The share that passed."""
    return rate_of([session.passed for session in own], [session.person for session in own])


def told(rate: Rate) -> str:
    """A rate with its interval."""
    return f"passed {rate.errors:3}/{rate.n:<3} of {rate.subjects:2} people  {rate.low:6.1%} .. {rate.high:6.1%}"


def codes(own: Sequence[Session]) -> str:
    """The other results and how often each came."""
    counts = Counter(session.result for session in own if not session.passed)
    return " ".join(f"{code}:{times}" for code, times in sorted(counts.items(), key=lambda pair: str(pair[0])))


def ambient_table(sessions: Sequence[Session]) -> bool:
    """Print what passed as the room gets brighter; whether live people pass less and less and are never called an attack, and no print
    passes."""
    met, rates = True, []
    for share in sorted({session.share for session in sessions if session.share is not None}, reverse=True):
        live, prints = ([one for one in sessions if one.share == share and (one.subject == "live") == kind] for kind in (True, False))
        rates += [passed(live)] if live else []
        called = sum(session.result not in UNSEEN for session in live)
        wrong = bool(called) + any(session.passed for session in prints)
        print(f"screen {share:5.0%} of the room")
        line("  live", live)
        line("  prints", prints)
        print("  AIM MISSED: a live person called an attack, or a print that passed\n" * bool(wrong), end="")
        met &= not wrong
    risen = [brighter.low > darker.high for darker, brighter in pairwise(rates)]
    print("AIM MISSED: live people pass more often in more light\n" * any(risen), end="")
    return met and not any(risen)
