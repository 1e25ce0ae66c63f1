"""The hosted page in a real browser: how often the tracker looks, how many frames the recording keeps, how long a person needs.

    python -m benchmarks.capture_page [--runs 3] [--level 4]
    python -m benchmarks.capture_page --film [--runs 3]

Each run goes from the start page to the verdict with the simulated subject as camera, which is drawn, tracked and encoded on the same
cores. The frame rates' bound is the camera's own: what the page was handed. With --film the camera is a film of that subject, made before,
which costs what a real camera costs; it follows no prompts, so only the looks at one face are counted. Prints the load average before and
after: on a busy machine the figures say more about the others.
"""

import argparse
import base64
import io
import json
import os
import statistics
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import av
import cv2
from playwright.sync_api import Browser, Page, sync_playwright

from openekyc.engine.media import open_video
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from tests.browser.conftest import CHROMIUM, FLAGS, PHONE, missing
from tests.browser.people import AGREE, press, reach, to_the_end
from tests.browser.subject import assets, stand_before
from tests.conftest import Server
from tests.filmed import film

FIGURES = ("camera_fps", "tracker_fps", "tracker_fps_position", "recorded_share", "seconds", "seconds_without_challenge")
FOLLOWED_S = 4.0
LOADING_S = 60
CHALLENGE = ("hold", "gesture", "light", "tail")
LISTEN = """
window.bench = {moves: [], looks: [], frames: [], recordings: []};
document.addEventListener("openekyc-state", (event) => {
  bench.moves.push([performance.now(), event.detail.state]);
  const capture = document.querySelector("openekyc-capture").capture;
  if (capture.heard) return;
  capture.heard = true;
  const {onSeen} = capture.tracker;
  capture.tracker.onSeen = (seen) => { bench.looks.push(performance.now()); onSeen(seen); };
  const onFrame = capture.onFrame.bind(capture);
  capture.onFrame = (...frame) => { bench.frames.push(performance.now()); onFrame(...frame); };
});
const start = MediaRecorder.prototype.start;
MediaRecorder.prototype.start = function (...options) {
  const recording = {type: "", begun: 0, ended: 0, blobs: []};
  bench.recordings.push(recording);
  this.addEventListener("start", () => { recording.begun = performance.now(); recording.type = this.mimeType; });
  this.addEventListener("stop", () => { recording.ended = performance.now(); });
  this.addEventListener("dataavailable", (event) => recording.blobs.push(event.data));
  return start.apply(this, options);
};
window.lastRecording = async () => {
  const {blobs, ...recording} = bench.recordings.at(-1);
  const bytes = new Uint8Array(await new Blob(blobs).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return {...recording, data: btoa(text)};
};
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--level", type=int, default=4, choices=(1, 2, 3, 4))
    parser.add_argument("--film", action="store_true", help="count the tracker's looks with a film as camera")
    chosen = parser.parse_args()
    if lacking := missing():
        sys.exit(lacking)
    before = os.getloadavg()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        camera = (f"--use-file-for-fake-video-capture={filmed(Path(folder) / 'film.mjpeg')}",) if chosen.film else ()
        server = Server(Path(folder) / "home")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *camera])
        try:
            once = partial(followed, browser, server.url) if chosen.film else partial(measured, browser, server.url, assets(), chosen.level)
            runs = [once() for _ in range(chosen.runs)]
        finally:
            browser.close()
            server.stop()
    for run in runs:
        print(json.dumps(run))
    if not chosen.film:
        print(f"passed {sum(run['end'] == 'passed' for run in runs)} of {len(runs)}, level {chosen.level}")
    for name in [name for name in FIGURES if name in runs[0]]:
        values = [run[name] for run in runs]
        print(f"{name}: median {statistics.median(values):.2f}, from {min(values):.2f} to {max(values):.2f}")
    print(f"load average {before[0]:.1f} before, {os.getloadavg()[0]:.1f} after, {os.cpu_count()} cores")
    return 0


def filmed(path: Path) -> Path:
    """A film of the simulated subject, 30 pictures a second, for Chromium to play as its camera over and over."""
    evidence = film(Models(Settings().models_folder), level=1)
    pictures = (cv2.imencode(".jpg", frame.image, (cv2.IMWRITE_JPEG_QUALITY, 90))[1] for frame in open_video(evidence.video))
    path.write_bytes(b"".join(picture.tobytes() for picture in pictures))
    return path


def followed(browser: Browser, url: str) -> dict[str, Any]:
    """Frames and looks while one face is followed as during the challenge."""
    context = browser.new_context(viewport=PHONE)
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.goto(url)
    page.locator("input[type=radio][value='2']").check(force=True)  # a gesture that the film does not show keeps the camera on
    press(page, "Start the check")
    reach(page, "intro")
    press(page, AGREE)
    for _ in range(LOADING_S * 5):  # the page's policy forbids what wait_for_function does
        if page.evaluate("bench.looks.length") > 3:
            break
        page.wait_for_timeout(200)
    else:
        sys.exit(f"the tracker did not look within {LOADING_S} s")
    page.evaluate("document.querySelector('openekyc-capture').capture.tracker.expect(1)")
    begin = page.evaluate("performance.now()") + 1000  # the landmarker is set up anew
    page.wait_for_timeout(1000 * (FOLLOWED_S + 1.5))
    seen = page.evaluate("({looks: bench.looks, frames: bench.frames})")
    context.close()
    span = begin, min(begin + 1000 * FOLLOWED_S, seen["frames"][-1])
    return {"camera_fps": rate(seen["frames"], *span), "tracker_fps": rate(seen["looks"], *span)}


def measured(browser: Browser, url: str, subject: str, level: int) -> dict[str, Any]:
    """One person from the start page to the verdict."""
    context = browser.new_context(viewport=PHONE)
    stand_before(context, subject)
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.goto(url)
    page.locator(f"input[type=radio][value='{level}']").check(force=True)
    press(page, "Start the check")
    reach(page, "intro")
    press(page, AGREE)
    end = to_the_end(page, "passed", "retry", "failed")
    found = figures(page)
    context.close()
    return {"end": end, **found}


def figures(page: Page) -> dict[str, Any]:
    """What happened, counted."""
    seen = page.evaluate("({moves: bench.moves, looks: bench.looks, frames: bench.frames})")
    recording = page.evaluate("lastRecording()")
    times = dict(reversed([(state, at) for at, state in seen["moves"]]))  # the first time in each state
    spells = zip(seen["moves"], seen["moves"][1:], strict=False)
    challenge = sum(after - at for (at, state), (after, _) in spells if state in CHALLENGE)
    begun = next(at for at, state in seen["moves"] if state in CHALLENGE)  # from here on one face is followed instead of two
    followed = begun, next(at for at, state in seen["moves"] if state in ("light", "tail"))  # afterwards it looks seldom
    recorded = recording["begun"], recording["ended"]
    total = seen["moves"][-1][0]
    return {
        "camera_fps": rate(seen["frames"], *followed),
        "tracker_fps": rate(seen["looks"], *followed),
        "tracker_fps_position": rate(seen["looks"], seen["looks"][1], begun),
        "first_look_s": (seen["looks"][0] - times["position"]) / 1000,
        "recorded_share": frames_in(recording["data"]) / max(1, inside(seen["frames"], *recorded)),
        "format": recording["type"],
        "restarts": sum(state == "restarting" for _, state in seen["moves"]),
        "seconds": total / 1000,
        "seconds_without_challenge": (total - challenge) / 1000,
    }


def inside(moments: list[float], begin: float, end: float) -> int:
    return sum(begin <= moment < end for moment in moments)


def rate(moments: list[float], begin: float, end: float) -> float:
    return 1000 * inside(moments, begin, end) / (end - begin)


def frames_in(data: str) -> int:
    """Frames that decode."""
    with av.open(io.BytesIO(base64.b64decode(data))) as film:
        return sum(1 for _ in film.decode(video=0))


if __name__ == "__main__":
    sys.exit(main())
