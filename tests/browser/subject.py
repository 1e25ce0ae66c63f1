"""What the simulated subject in the browser is made of: the portrait's pictures, its relief, and the script that moves and lights it."""

import base64
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from playwright.sync_api import BrowserContext

from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from openekyc.simulator.knobs import Knobs
from openekyc.simulator.subject import load_portrait
from openekyc.simulator.warp import Look, Warp

SCRIPT, WORKER = Path(__file__).with_name("subject.js"), Path(__file__).with_name("subject_worker.js")
GRID = 8  # pixels between two points of the relief
LIDS = (0.0, 0.35, 0.7, 1.0)
JAWS = (0.2, 0.4, 0.6, 0.8)
QUALITY = 92
CAMERA = Knobs(width=480, height=360, face_px=165.0)  # small: the test machine renders, tracks and encodes it on two shared cores
RATE = 25
DETAIL = 2  # the pictures have so many pixels to one of the camera's


def assets() -> str:
    """The subject as JSON: pictures as data URLs, the relief as rows of numbers. Takes a second."""
    portrait = load_portrait(Models(Settings().models_folder), CAMERA)
    warp = Warp(portrait)
    looks = [Look(lids=lids) for lids in LIDS] + [Look(jaw=jaw) for jaw in JAWS]
    pictures = [warp._expressed(portrait.texture.copy(), look) for look in looks]
    height, width = portrait.texture.shape[:2]
    return json.dumps(
        {
            "width": width,
            "height": height,
            "grid": GRID,
            "rate": RATE,
            "detail": DETAIL,
            "lids": LIDS,
            "jaws": JAWS,
            "centre": portrait.centre,
            "pictures": [_url(_fine(picture[..., :3]), ".jpg") for picture in pictures],
            "share": _url(_fine(portrait.texture[..., 3]), ".png"),
            "depth": _points(portrait.depth),
            "weight": _points(portrait.weight),
        }
    )


def stand_before(context: BrowserContext, subject: str, **knobs: Any) -> None:
    """The camera of every page of the context is the subject. Knobs as in `subject.js`."""
    context.add_init_script(f"{SCRIPT.read_text()}\ninstallSubject({subject}, {json.dumps(knobs)});")
    context.route("**/subject_worker.js", lambda route: route.fulfill(path=WORKER, content_type="text/javascript"))


def _points(values: np.ndarray[Any, Any]) -> list[float]:
    """Every GRID-th pixel and the far edges, row by row."""
    height, width = values.shape
    rows = np.minimum(np.arange(0, height + 1, GRID), height - 1)
    columns = np.minimum(np.arange(0, width + 1, GRID), width - 1)
    return [round(float(value), 3) for value in values[np.ix_(rows, columns)].ravel()]


def _fine(picture: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return cv2.resize(picture, None, fx=DETAIL, fy=DETAIL, interpolation=cv2.INTER_CUBIC)


def _url(picture: np.ndarray[Any, Any], suffix: str) -> str:
    kind = {".jpg": "jpeg", ".png": "png"}[suffix]
    done, data = cv2.imencode(suffix, picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY] if kind == "jpeg" else [])
    assert done
    return f"data:image/{kind};base64,{base64.b64encode(data.tobytes()).decode()}"
