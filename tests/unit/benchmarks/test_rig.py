"""The rig's bookkeeping: which sessions a run has, what is noted and not run again, and when an aim counts as missed."""

import argparse
from pathlib import Path

import msgspec
import pytest

from benchmarks import forged, rig, rig_tables, rigging
from openekyc.simulator.knobs import KINDS, Kind
from openekyc.simulator.population import presentation
from openekyc.simulator.sessions import Order, Session


def chosen(run: str, subjects: tuple[str, ...] = KINDS, levels: tuple[int, ...] = (4, 3, 2, 1)) -> argparse.Namespace:
    return argparse.Namespace(run=run, set="tuning", subjects=list(subjects), levels=list(levels))


def session(order: Order, result: str | None = "1005") -> Session:
    shown = order.shown()
    return Session(
        order.kind, order.level, order.seed, result, "", (), "t", shown.subject, shown.light, shown.camera, 30.0, "h264-mkv", (), 1.0,
        share=order.share,
    )  # fmt: skip


def test_the_standard_run_has_what_its_table_says() -> None:
    orders = list(rig.orders(chosen("standard")))
    counts = {(level, kind): sum((one.level, one.kind) == (level, kind) for one in orders) for level in (3, 4) for kind in KINDS}
    assert all(count == (60 if kind == "live" else 30) for (_, kind), count in counts.items())
    assert sum(one.kind in rig_tables.PRINTS for one in orders if one.level == 2) == 80
    assert [one.level for one in orders] == sorted((one.level for one in orders), reverse=True)
    assert len(set(orders)) == len(orders)
    assert len({(one.kind, one.seed) for one in orders}) == len(orders)  # no seed of a subject twice
    for kind in KINDS:  # everybody is filmed at the levels with light
        assert len({presentation(one.seed).person for one in orders if one.kind == kind and one.level >= 3}) == 40


def test_the_sweep_films_the_same_seeds_in_every_light() -> None:
    orders = list(rig.orders(chosen("ambient")))
    assert {one.kind for one in orders} == {"live", *rig_tables.PRINTS}
    seeds = {share: sorted((one.kind, one.seed) for one in orders if one.share == share) for share in rig.SHARES}
    assert all(own == seeds[rig.SHARES[0]] for own in seeds.values())
    for one in orders:
        assert one.share is not None
        assert one.shown().knobs.screen == pytest.approx(one.share * presentation(one.seed).knobs.ambient)
        assert one.shown().knobs.ambient == presentation(one.seed).knobs.ambient


def test_what_came_to_no_result_is_run_again() -> None:
    orders = [Order("live", 4, 1), Order("live", 4, 2)]
    kept = rig.wanted_only([session(orders[0]), session(orders[1], None), session(Order("live", 4, 3))], orders)
    assert [one.seed for one in kept] == [1]


def test_results_are_noted_and_a_line_cut_off_is_not_missed(tmp_path: Path) -> None:
    path = tmp_path / "results"
    path.write_bytes(b'{"lost":"one"}\n{"lost":"tw')
    rigging.drive(forged.Lost, ["three", "four"], path, 2)
    assert sorted(one.lost for one in rigging.known(path, forged.Lost)) == ["four", "one", "three"]


def results(kind: Kind, passed: int, count: int = 60, share: float | None = None) -> list[Session]:
    return [session(Order(kind, 3, seed, share=share), "0" if seed < passed else "1201") for seed in range(count)]


@pytest.mark.parametrize(("kind", "passed", "met"), [("live", 60, True), ("live", 58, False), ("curved", 0, True), ("curved", 1, False)])
def test_aims(kind: Kind, passed: int, met: bool, capsys: pytest.CaptureFixture[str]) -> None:
    assert rig_tables.table(results(kind, passed)) == met
    assert ("AIM MISSED" in capsys.readouterr().out) == (not met)


def test_the_sweep_wants_fewer_to_pass_in_more_light(capsys: pytest.CaptureFixture[str]) -> None:
    falling = [*results("live", 60, share=0.4), *results("live", 30, share=0.1), *results("live", 0, share=0.02)]
    assert rig_tables.ambient_table(falling)
    assert not rig_tables.ambient_table([*results("live", 5, share=0.4), *results("live", 60, share=0.1)])
    assert not rig_tables.ambient_table([*falling, *results("photo", 1, share=0.1)])
    called = msgspec.structs.replace(results("live", 0, share=0.02)[0], result="1005")
    assert not rig_tables.ambient_table([*falling, called])
    assert "AIM MISSED" in capsys.readouterr().out


def test_nine_hundred_forgeries_half_of_them_where_nothing_is_known() -> None:
    tasks = forged.tasks(argparse.Namespace(each=36))
    assert len(tasks) == len({(one.kind, one.place) for one in tasks}) == 900
    own = [one.account for one in tasks if one.account]
    assert len(own) == len(set(own)) == 450


def test_one_accepted_forgery_or_too_many_honest_refused_miss_the_aim() -> None:
    good = [forged.Done("honest", place, 0, f"p{place}", "0") for place in range(60)]
    bad = [forged.Done("looped", place, place % 2, f"p{place}", "1005", ("09",)) for place in range(36)]
    assert forged.table([*good, *bad])
    assert not forged.table([*good, *bad, forged.Done("looped", 40, 0, "p", "0")])
    assert not forged.table([*[msgspec.structs.replace(one, result="1005") for one in good[:3]], *good[3:], *bad])
