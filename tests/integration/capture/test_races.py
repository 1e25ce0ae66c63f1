"""Rivals in the same moment, on the real database: one effect, and everybody gets a clear answer."""

import asyncio
import hashlib

from openekyc.engine.values import Ping, Trace, Verdict
from openekyc.errors import AttemptClosed, AttemptRunning, SliceConflict

WEBM = b"\x1a\x45\xdf\xa3\x01\x00\x00\x7f\xff\xff\xff\xff"  # whose header is not all there
VIDEO = WEBM + b"a recording of nobody" * 100


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def together(*coroutines):
    return await asyncio.gather(*coroutines, return_exceptions=True)


def test_one_of_many_beginnings_wins(bench):
    token = bench.issue(level=2).token
    ends = bench.run(together(*(bench.service.begin(token) for _ in range(8))))
    assert all(isinstance(end, AttemptRunning | tuple) for end in ends)
    assert sum(isinstance(end, tuple) for end in ends) == 1


def test_slices_and_traces_at_once_are_all_kept(bench):
    token = bench.issue(level=2).token
    _, attempt = bench.run(bench.service.begin(token))
    key = (token, 1, attempt.challenge.nonce)
    for turn in range(10):
        piece, batch = WEBM + bytes([turn]) * 988, Trace(pings=(Ping(float(turn), 0.0, 0.0),))
        slice_end, trace_end, _ = bench.run(
            together(
                bench.service.accept_slice(*key, 1000 * turn, piece, sha(piece)),
                bench.service.accept_trace(*key, turn, batch),
                bench.service.touch(token),
            )
        )
        assert (slice_end, trace_end) == (1000 * (turn + 1), turn + 1)


def test_rival_slices_keep_what_was_acknowledged(bench):
    token = bench.issue(level=2).token
    _, attempt = bench.run(bench.service.begin(token))
    key = (token, 1, attempt.challenge.nonce)
    rivals = [WEBM + bytes([65 + index]) * 4988 for index in range(4)]
    ends = bench.run(together(*(bench.service.accept_slice(*key, 0, rival, sha(rival)) for rival in rivals)))
    (winner,) = [rival for rival, end in zip(rivals, ends, strict=True) if end == 5000]
    assert sum(isinstance(end, SliceConflict) for end in ends) == 3
    bench.run(bench.service.submit(*key, 5000, sha(winner)))


def test_twins_of_a_submission_are_judged_once(bench):
    token = bench.issue(level=2).token
    _, attempt = bench.run(bench.service.begin(token))
    key = (token, 1, attempt.challenge.nonce)
    bench.run(bench.service.accept_slice(*key, 0, VIDEO, sha(VIDEO)))
    ends = bench.run(together(*(bench.service.submit(*key, len(VIDEO), sha(VIDEO)) for _ in range(5))))
    assert not [end for end in ends if isinstance(end, Exception)]
    assert bench.run(bench.service.wait(token, 10)).state == "pass"
    assert len(bench.judged) == 1


def test_an_attempt_is_handed_in_or_given_up_never_both(bench):
    for _ in range(5):
        token = bench.issue(level=2).token
        _, attempt = bench.run(bench.service.begin(token))
        key = (token, 1, attempt.challenge.nonce)
        bench.run(bench.service.accept_slice(*key, 0, VIDEO, sha(VIDEO)))
        submitted, restarted, ended = bench.run(
            together(
                bench.service.submit(*key, len(VIDEO), sha(VIDEO)), bench.service.restart(*key, "camera"), bench.service.end(token, "left")
            )
        )
        given_up = isinstance(submitted, AttemptClosed)
        assert given_up or isinstance(restarted, AttemptClosed)
        assert not isinstance(ended, Exception)
        assert bench.run(bench.service.wait(token, 10)).state == ("retry" if given_up else "pass")


def test_many_restarts_of_one_attempt_count_once(bench):
    token = bench.issue(level=2).token
    _, attempt = bench.run(bench.service.begin(token))
    key = (token, 1, attempt.challenge.nonce)
    ends = bench.run(together(*(bench.service.restart(*key, "camera") for _ in range(6))))
    assert {end.attempts_left for end in ends} == {5}
    assert bench.run(bench.service.current(token)).restarts == 1


def test_rival_verdicts_have_one_effect(bench):
    token = bench.issue(level=2).token
    _, attempt = bench.run(bench.service.begin(token))
    key = (token, 1, attempt.challenge.nonce)
    bench.service._dispatcher.submit = lambda *_: None
    bench.run(bench.service.accept_slice(*key, 0, VIDEO, sha(VIDEO)))
    bench.run(bench.service.submit(*key, len(VIDEO), sha(VIDEO)))
    verdicts = [Verdict("0", best_frame=b"one"), Verdict("1005", best_frame=b"two"), Verdict("0", best_frame=b"three")]
    ends = bench.run(together(*(bench.service.conclude(token, 1, verdict) for verdict in verdicts)))
    assert sorted(ends) == [False, False, True]
    outcome = bench.run(bench.service.result(token, "acme", "liveness", 7200))
    effective = verdicts[ends.index(True)]
    assert outcome.code == effective.code
    assert bench.run(bench.service.media(outcome.attempt.best_frame)) == effective.best_frame
