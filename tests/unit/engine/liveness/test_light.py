"""The face must have reflected the colours that this attempt drew, when it drew them."""

import random
from dataclasses import replace

import numpy as np
import pytest

from openekyc.engine.liveness.align import Alignment
from openekyc.engine.liveness.light import JUMP_MS, LINEAR, POINTS, UNEVEN_MS, judge, sample, unevenness
from openekyc.engine.values import Challenge, Colour, ColourMark, LightStep, Trace
from tests.unit.engine.liveness.shapes import BENT, FACE, LAMBERT, NORMALS, SHEET
from tests.unit.engine.liveness.tracks import mesh, observation, track

PALETTE = ((255, 64, 64), (64, 255, 64), (64, 64, 255), (64, 255, 255), (255, 64, 255), (255, 255, 64))
BEGIN_S, DWELL_S = 2.0, 0.3
ALIGNED = Alignment(0.0, 0.99, measured=True)
SKIN = np.array([0.35, 0.20, 0.14])


def drawn(seed: int, count: int = 12) -> Challenge:
    rng, picks = random.Random(seed), []
    while len(picks) < count:
        pick = rng.choice(PALETTE)
        if not picks or picks[-1] != pick:
            picks.append(pick)
    return Challenge("n", (LightStep(tuple(Colour(*pick, int(DWELL_S * 1000)) for pick in picks)),))


def painted(challenge: Challenge) -> Trace:
    begins = [(BEGIN_S + place * DWELL_S) * 1000 for place in range(len(challenge.steps[0].colours))]
    return Trace(colours=tuple(ColourMark(place, begin - 20, begin) for place, begin in enumerate(begins)))


def under(even: float, lamp: float, x: float, y: float, z: float) -> np.ndarray:
    """A matt head's modulation in even light plus a lamp from (x, y, z)."""
    return LAMBERT / (even + lamp * np.clip(NORMALS @ (np.array([x, y, z]) / np.linalg.norm([x, y, z])), 0, None))


def lit(
    challenge: Challenge,
    share=0.3,
    lag=0.1,
    noise=0.001,
    ground=0.02,
    fps=15.0,
    drift=0.2,
    seed=5,
    surface=LAMBERT,
    balance_s=None,
    stretch=1.0,
    phase_s=0.0,
):
    """What a camera sees that drifts in exposure and, with `balance_s`, neutralises colours with that time constant. The screen adds
    `share` of the ambient light in the mean over the surface, whose patches get it in the ratios of `surface`."""
    rng, colours = np.random.default_rng(seed), challenge.steps[0].colours
    gains, spread = np.ones(3), (surface / surface.mean())[:, None]

    def seen(index: int):
        nonlocal gains
        time = index / fps + phase_s
        place = int((time - lag - BEGIN_S) // (DWELL_S * stretch))
        shining = 0 <= place < len(colours)
        light = LINEAR[[colours[place].red, colours[place].green, colours[place].blue]] if shining else np.zeros(3)
        exposure = gains * (1 + drift * time / 8)
        skin = SKIN * (1 + share * spread * light)
        patches = skin * exposure + rng.normal(0, noise, (len(POINTS), 3))
        background = 0.3 * (1 + share * ground * light) * exposure + rng.normal(0, noise, 3)
        if balance_s is not None:
            colour = (skin.mean(axis=0) / SKIN) * gains
            gains = gains * (colour.mean() / colour) ** (1 / fps / balance_s)
        return replace(observation(index, time, FACE), patches=patches.astype(np.float32), background=background.astype(np.float32))

    return track([seen(index) for index in range(int(8 * fps))])


def cue(seen, challenge, alignment=ALIGNED):
    return judge(seen, challenge, painted(challenge), alignment)


@pytest.mark.parametrize("share", [0.06, 0.1, 0.4, 1.0, 3.0])
@pytest.mark.parametrize("lag", [0.04, 0.12, 0.3, 0.38])
def test_a_live_face_reflects(share, lag):
    found = cue(lit(drawn(1), share, lag), drawn(1))
    assert found.decision == "pass"
    assert found.numbers["lag_ms"] == pytest.approx(lag * 1000, abs=40)
    assert found.numbers["modulation"] == pytest.approx(share, rel=0.4 if share <= 1 else 0.8)


@pytest.mark.parametrize("balance_s", [1.0, 2.0, 5.0])
def test_a_camera_that_fights_the_colours_is_survived(balance_s):
    assert cue(lit(drawn(7), balance_s=balance_s), drawn(7)).decision == "pass"


@pytest.mark.parametrize(
    "surface",
    [under(1, 1, 0, 0, 1), under(0.25, 1, 0, 0, 1), under(0.3, 1, 1, 0, 0.3), under(0.3, 1, 0, -1, 0.5)],
    ids=["half from the screen's side", "four fifths from there", "window at the side", "lamp above"],
)
def test_a_head_is_a_head_in_any_light(surface):
    assert cue(lit(drawn(1), surface=surface), drawn(1)).decision == "pass"


@pytest.mark.parametrize("share", [0.1, 0.3, 1.0])
@pytest.mark.parametrize("surface", [SHEET, BENT, BENT**2], ids=["flat", "bent", "bent and lit from the front"])
def test_a_print_is_refused_whatever_it_shows(surface, share):
    found = cue(lit(drawn(1), share=share, surface=surface), drawn(1))
    assert (found.decision, found.code, found.tags) == ("deny", "1005", ("09",))
    assert abs(found.numbers["relief"]) < 0.2


@pytest.mark.parametrize("surface", [SHEET, BENT], ids=["flat", "bent"])
def test_a_print_in_weak_light_never_passes(surface):
    decisions = {cue(lit(drawn(s), share=0.05, noise=0.004, surface=surface, seed=s), drawn(s)).decision for s in range(40)}
    assert "pass" not in decisions


def test_a_head_in_weak_light_is_never_called_flat():
    found = [cue(lit(drawn(s), share=0.05, noise=0.004, seed=s), drawn(s)) for s in range(40)]
    assert {one.decision for one in found} <= {"pass", "retry"}
    assert {one.code for one in found if one.decision == "retry"} <= {"1201"}


def test_a_veil_of_reflected_light_on_glass_is_no_head():
    """Glass throws the same light back everywhere, so the darker edges of the shown face answer more, not less."""
    assert cue(lit(drawn(1), surface=1 / LAMBERT), drawn(1)).decision == "deny"


def test_half_of_the_colours_is_not_enough():
    challenge = drawn(1)
    seen, still = lit(challenge, share=0.5), lit(challenge, share=0.0)
    half = [live if live.time < BEGIN_S + 6.5 * DWELL_S else dead for live, dead in zip(seen.observations, still.observations, strict=True)]
    assert cue(track(half), challenge).decision == "deny"


def test_todays_colours_a_place_behind_with_some_exchanged_are_refused():
    """Each colour in the next one's place looks like today's order seen by a slow camera."""
    challenge = drawn(1)
    first, second, third, fourth, *others, last = challenge.steps[0].colours
    behind = Challenge("n", (LightStep((last, first, fourth, third, second, *others)),))
    found = cue(lit(behind, lag=0.08), challenge)
    assert 0.70 < found.numbers["correlation"] < 0.85
    assert 300 < found.numbers["lag_ms"] < 400
    assert (found.decision, found.code, found.tags) == ("deny", "1005", ("09",))


def test_a_loop_of_an_earlier_recording_is_refused():
    earlier = drawn(9, count=4)
    looped = Challenge("n", (LightStep(earlier.steps[0].colours * 3),))
    assert cue(lit(looped), drawn(1)).decision == "deny"


def test_a_face_without_shape_is_never_passed():
    seen = [replace(one, mesh=mesh()) for one in lit(drawn(1)).observations]
    assert cue(track(seen), drawn(1)).decision == "retry"


def test_an_old_sequence_is_refused_every_time():
    decisions = [cue(lit(drawn(seed), 0.3), drawn(seed + 500)).decision for seed in range(60)]
    assert decisions.count("deny") == 60


def test_the_same_colours_in_another_order_are_refused():
    challenge = drawn(1)
    colours = list(challenge.steps[0].colours)
    random.Random(4).shuffle(colours)
    found = cue(lit(Challenge("n", (LightStep(tuple(colours)),))), challenge)
    assert (found.decision, found.code, found.tags) == ("deny", "1005", ("09",))


@pytest.mark.parametrize("lag", [0.44, 0.6, 0.9, -0.2])
def test_the_right_sequence_at_another_time_is_refused(lag):
    assert cue(lit(drawn(1), lag=lag), drawn(1)).decision == "deny"


@pytest.mark.parametrize(("fps", "lag", "decision"), [(10.7, -0.04, "pass"), (10.7, -0.1, "deny"), (30, -0.04, "deny")])
def test_when_light_came_is_known_to_half_a_frame_only(fps, lag, decision):
    assert cue(lit(drawn(1), lag=lag, fps=fps), drawn(1)).decision == decision


@pytest.mark.parametrize("phase_s", [0.0, 0.03, 0.07])
@pytest.mark.parametrize("lag", [0.005, 0.04, 0.09, 0.12, 0.22, 0.33])
def test_frames_in_step_with_the_colours_leave_half_a_frame_of_doubt_to_either_side(lag, phase_s):
    """Ten frames a second, three to a colour: lags between which no frame changes its colour fit equally."""
    found = cue(lit(drawn(1), lag=lag, fps=10, phase_s=phase_s), drawn(1))
    assert found.decision == "pass"
    assert found.numbers["lag_ms"] == pytest.approx(lag * 1000, abs=55)


def test_few_frames_do_not_make_a_relay_seem_earlier_than_it_was():
    assert cue(lit(drawn(1), lag=0.46, fps=10, phase_s=0.07), drawn(1)).decision == "deny"


def test_a_face_without_any_reflection_is_asked_for_less_light_and_never_accused():
    found = cue(lit(drawn(1), share=0.0), drawn(1))
    assert (found.decision, found.code, found.hint) == ("retry", "1201", "less_light")


@pytest.mark.parametrize("share", [0.005, 0.01, 0.02])
@pytest.mark.parametrize("noise", [0.0005, 0.003])
def test_a_live_face_in_bright_light_is_never_accused(share, noise):
    found = cue(lit(drawn(3), share=share, noise=noise), drawn(3))
    assert found.decision == "retry"
    assert (found.code, found.hint) == ("1201", "less_light")


def test_more_ambient_light_never_helps():
    numbers = [cue(lit(drawn(2), share), drawn(2)).numbers["modulation"] for share in (0.4, 0.2, 0.1, 0.05)]
    assert numbers == sorted(numbers, reverse=True)


def test_a_background_that_shines_like_the_face_is_a_picture():
    assert cue(lit(drawn(1), ground=1.0), drawn(1)).decision == "deny"


def test_a_background_out_of_view_is_no_objection():
    seen = lit(drawn(1))
    hidden = [replace(one, background=np.full(3, np.nan, np.float32)) for one in seen.observations]
    assert cue(replace(seen, observations=tuple(hidden)), drawn(1)).decision == "pass"


def test_too_few_frames_are_a_retry():
    assert cue(lit(drawn(1), fps=4), drawn(1)).decision == "retry"
    assert cue(track([]), drawn(1)).decision == "retry"


def test_missing_colour_times_are_a_retry():
    challenge = drawn(1)
    told = Trace(colours=painted(challenge).colours[:-1])
    assert judge(lit(challenge), challenge, told, ALIGNED).decision == "retry"


def test_a_sample_reads_linear_rgb_from_bgr_pixels():
    image = np.full((480, 640, 3), (10, 100, 200), np.uint8)
    patches, background = sample(image, mesh())
    assert patches.shape == (len(POINTS), 3)
    np.testing.assert_allclose(patches, np.broadcast_to(LINEAR[[200, 100, 10]], patches.shape), atol=1e-4)
    np.testing.assert_allclose(background, LINEAR[[200, 100, 10]], atol=1e-4)


@pytest.mark.parametrize("x", [-500.0, 40.0, 600.0, 5000.0])
def test_a_face_at_or_over_the_edge_does_not_crash(x):
    patches, _ = sample(np.zeros((480, 640, 3), np.uint8), mesh(x=x))
    assert patches.shape == (len(POINTS), 3)


def repainted(challenge: Challenge, *late_ms: float) -> Trace:
    """The trace of colours painted so much later than due."""
    marks = painted(challenge).colours
    late = np.resize(np.array(late_ms), len(marks))
    return Trace(colours=tuple(ColourMark(m.index, m.set_ms, m.painted_ms + more) for m, more in zip(marks, late, strict=True)))


def test_a_stutter_is_forgiven():
    late = np.cumsum((0, 17, 0, 33, 0, 90, 17, 0, 0, 17, 33, 0))
    uneven, jump = unevenness(drawn(1), repainted(drawn(1), *late))
    assert uneven < UNEVEN_MS
    assert jump < JUMP_MS


def test_a_slow_device_may_show_every_colour_longer():
    late = tuple(30.0 * place for place in range(12))
    slow = drawn(1)
    shown = repainted(slow, *late)
    assert judge(lit(slow, stretch=1.1), slow, shown, ALIGNED).decision == "pass"


@pytest.mark.parametrize("late", [(-60, 60), (0, 0, 200), (0, 0, 0, 0, 0, 0, 110, 110, 110, 110, 110, 110)])
def test_colours_painted_at_will_are_not_judged(late):
    found = judge(lit(drawn(1)), drawn(1), repainted(drawn(1), *late), ALIGNED)
    assert (found.decision, found.code, found.tags) == ("retry", "1005", ("12",))


def test_old_colours_cannot_be_made_to_fit_by_saying_so():
    """Moments chosen so that the drawn colours meet an old recording's: each colour's mark goes where that colour was once shown."""
    old, new = drawn(3), drawn(4)
    places = [[(c.red, c.green, c.blue) for c in old.steps[0].colours].index((n.red, n.green, n.blue)) for n in new.steps[0].colours]
    late = np.clip([300 * (there - here) for here, there in enumerate(places)], -120, 120)
    assert judge(lit(old), new, repainted(new, *late), ALIGNED).decision != "pass"
