"""What can be said of the WebView samples without a phone: they are whole, well-formed, and honest about it."""

import plistlib
from pathlib import Path
from xml.etree import ElementTree

import pytest

EXAMPLES = Path(__file__).parents[3] / "web" / "examples"
SAMPLES = ("android-kotlin", "ios-swift", "flutter", "react-native")


@pytest.mark.parametrize("name", SAMPLES)
def test_it_says_that_no_device_saw_it(name: str) -> None:
    readme = (EXAMPLES / name / "README.md").read_text()
    assert "**Not tried on devices" in readme
    assert "ritten" in readme, "against which versions"


def test_the_android_manifest_asks_for_the_camera_and_no_more() -> None:
    manifest = ElementTree.parse(EXAMPLES / "android-kotlin" / "AndroidManifest.xml").getroot()
    name = "{http://schemas.android.com/apk/res/android}name"
    asked = {element.get(name) for element in manifest.iter("uses-permission")}
    assert asked == {"android.permission.INTERNET", "android.permission.CAMERA"}
    [activity] = manifest.iter("activity")
    assert activity.get(name.replace("}name", "}exported")) == "false"


def test_ios_is_told_why() -> None:
    assert plistlib.loads((EXAMPLES / "ios-swift" / "Info.plist").read_bytes()).keys() == {"NSCameraUsageDescription"}
