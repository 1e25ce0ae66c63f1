"""The picture a program shows while the simulated subject answers."""

from pathlib import Path

import cv2
import numpy as np

from openekyc.simulator.viewfinder import EVERY, HEIGHT, Viewfinder


def test_every_fourth_picture_is_kept_small_and_whole(tmp_path: Path) -> None:
    show = Viewfinder(tmp_path / "frame.jpg")
    for shade in (10, 60, 110, 160, 210):
        show(np.full((480, 640, 3), shade, np.uint8))
    picture = cv2.imread(str(tmp_path / "frame.jpg"))
    assert picture is not None
    assert (EVERY, picture.shape) == (4, (HEIGHT, 320, 3))
    assert abs(float(picture.mean()) - 210) < 3
    assert [path.name for path in tmp_path.iterdir()] == ["frame.jpg"]
