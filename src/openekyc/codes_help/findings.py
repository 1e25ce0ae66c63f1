"""What stands beside a result: tags of an attempt, warnings and problems of a document, hints to the person."""

from collections.abc import Mapping

from openekyc.codes_help.help import Help

_REFUSED = "Do not accept the attempt. `openekyc explain TOKEN` shows the measurements."
_AGAIN = "Let the person try again; the hint they got says how."

TAGS: Mapping[str, Help] = {
    "01": Help("eyes closed all the time", "", "A blink was asked for, and the eyes were never seen open.", _AGAIN),
    "02": Help(
        "action not done",
        "",
        "A gesture was not seen after its own prompt, or what turned was flat, as a picture is.",
        "Ask the person to wait for each prompt and then make the gesture clearly.",
    ),
    "03": Help(
        "photo or screen replay suspected",
        "",
        "A passive network sees a picture or a screen, or the recording was submitted before.",
        _REFUSED,
    ),
    "05": Help(
        "synthetic video suspected",
        "",
        "What the capture client reported contradicts the recording or the challenge, as with an injected video.",
        _REFUSED,
    ),
    "09": Help(
        "light check failed",
        "",
        "The face did not reflect the colours drawn for this attempt, or the recording came too long after they were shown.",
        _REFUSED + " Of a real person it is rare: ask for less light in the room and a nearer screen.",
    ),
    "10": Help(
        "face check failed",
        "",
        "No face, several faces, hardly a frame that faces the camera, or another person in the course of the recording.",
        "Ask the person to be alone in the picture and to stay in view from beginning to end.",
    ),
    "11": Help("poor face quality", "", "The face is too small, blurred, covered or too near the edge.", _AGAIN),
    "12": Help(
        "poor capture quality",
        "",
        "The recording is too short, too long, damaged, of a kind that is not judged, too dark, over-exposed, has too few frames or "
        "lacks a part of the challenge.",
        _AGAIN,
    ),
}
"""LivenessInfoTag of the sdk and faceid families."""

WEB_TAGS: Mapping[str, Help] = {
    "01": TAGS["01"],
    "02": TAGS["02"],
    "03": TAGS["03"],
    "04": Help("synthesis suspected", "", TAGS["05"].cause, TAGS["05"].remedy),
    "07": Help("reflection check failed", "", TAGS["09"].cause, TAGS["09"].remedy),
    "08": Help(
        "person swapped midway suspected",
        "",
        "More than one person was seen in the course of the recording, or the face jumped within the picture.",
        _REFUSED,
    ),
    "09": Help(
        "poor face quality",
        "",
        "The face or the recording is not good enough to judge: no face, several, too small, blurred, dark, or a part is missing.",
        _AGAIN,
    ),
    "14": Help("eyes or mouth covered", "", "A mask, a hand or hair covers the face.", "Ask the person to take away what covers the face."),
}
"""LivenessInfoTag of the hosted page, which counts otherwise."""

WARNINGS: Mapping[int, Help] = {
    -9101: Help(
        "border incomplete or covered",
        "",
        "The card's edge lies outside the picture, or a finger or another thing covers it.",
        "Ask for a picture with all four corners in it and nothing on the card.",
    ),
    -9102: Help("photocopy", "", "The card has no colour: it is a grey copy.", "Ask for the document itself."),
    -9103: Help(
        "photographed from a screen or print",
        "",
        "A regular pattern, as of a screen or of coarse print, lies over the whole card.",
        "Ask for the document itself, photographed with a camera.",
    ),
    -9104: Help(
        "edited picture",
        "",
        "openekyc has no test for edited pictures. It never gives this warning, and says -9109 instead.",
        "If edited pictures are your risk, have a person look at the photograph.",
    ),
    -9107: Help(
        "glare",
        "",
        "A reflection covers a part of the card.",
        "Ask the person to tilt the card or turn off a lamp, and take another picture.",
    ),
    -9108: Help("blurred", "", "The card is not sharp.", "Ask the person to hold still, wait for the focus, and take another picture."),
    -9109: Help(
        "a check that could not be made",
        "",
        "At least one of the tests -9101 to -9108 could not be made of this picture. It comes with nearly every picture, since edited "
        "pictures (-9104) cannot be told.",
        "Nothing. It does not mean that something is wrong.",
    ),
    -8101: Help(
        "a field's format",
        "",
        "A field breaks its format or its check digit: it was misread, or the number is false.",
        "Compare the field with the photograph. Ask for another picture if it was misread.",
    ),
    -8102: Help(
        "fields that do not agree",
        "",
        "Two fields contradict each other, such as the date of birth and the one inside the number.",
        "Compare the fields with the photograph. Refuse the document if it really bears both.",
    ),
}
"""WarnCardInfos. Which of them stop a session is said at DisableCheckOcrWarnings."""

ANSWERED_WARNINGS: Mapping[int, Help] = {code: about for code, about in WARNINGS.items() if code != -9104}

CARD_PROBLEMS: Mapping[str, Help] = {
    "undecodable": Help(
        "the picture cannot be decoded",
        "",
        "The file is no complete JPEG, PNG, WebP or BMP, or exceeds 68 megapixels (50 if it is no JPEG) or 20 MB.",
        "Send a JPEG, PNG, WebP or BMP of at most 68 megapixels (50 if it is no JPEG) and 20 MB that is complete.",
    ),
    "not_a_card": Help(
        "no document is seen",
        "",
        "Nothing in the picture looks like a document with text.",
        "Photograph the document so that it fills most of the frame.",
    ),
    "wrong_kind": Help(
        "another kind of document",
        "",
        "The printed words are those of another kind than the one asked for.",
        "Choose the kind that is in the picture: --kind, or IdCardType of the apply call.",
    ),
    "wrong_side": Help(
        "the other side of the document",
        "",
        "The front was asked for and the back is seen, or the other way round.",
        "Photograph the side that is asked for.",
    ),
    "unreadable": Help(
        "what matters could not be read",
        "",
        "The number or another field without which the document is of no use was not found.",
        "Photograph it again: sharp, without reflections, all of it in the frame.",
    ),
    "no_portrait": Help(
        "no portrait was found",
        "",
        "No face was found where this kind of document has its portrait.",
        "Photograph the side with the portrait, without reflections on it.",
    ),
}
"""What keeps a picture of a document from being used."""

HINTS: Mapping[str, str] = {
    "": "nothing",
    "no_face": "bring the face into view",
    "one_person_only": "be alone in the picture",
    "move_closer": "move closer",
    "move_back": "move back a little",
    "hold_still": "hold still",
    "more_light": "find more light",
    "less_light": "go to a darker place or into the shade",
    "face_covered": "take away what covers the face",
    "follow_prompts": "follow the prompts as they appear",
    "keep_facing_screen": "keep facing the screen",
    "recording_incomplete": "let the recording run to its end",
    "hold_upright": "hold the device upright",
    "recording_unsupported": "use another browser, app or device, whose recordings can be judged",
    "recording_damaged": "check the connection and record once more",
    "recording_too_short": "stay until the recording ends by itself",
    "recording_too_long": "follow the prompts without a pause",
    "recording_too_few_frames": "close other apps and find more light, for the camera delivered too few pictures",
    "try_again": "try again",
    "document_not_accepted": "check that the document is their own and still valid, or photograph it again",
}
"""What the person is told after an attempt, and nothing more."""
