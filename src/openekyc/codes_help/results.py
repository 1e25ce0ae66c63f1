"""Result codes: strings in the answers of the SDK families, integers in those of the hosted page."""

from collections.abc import Mapping

from openekyc.codes_help.help import Help

_ONCE_MORE = "If the person is a real customer, let them try again, or verify them another way."

RESULTS: Mapping[str, Help] = {
    "0": Help(
        "Success",
        "成功",
        "Everything that was asked for passed.",
        "Accept the verification. Check that the token is the one you issued for this person.",
    ),
    "-999": Help(
        "The verification process is not finished",
        "核验流程未完成",
        "No attempt has a verdict yet: the person has not begun, is being captured, is being judged, or has left.",
        "Ask again in a few seconds while the person is at it. If the token's time is over, issue a new one.",
    ),
    "1001": Help(
        "Failed to call the liveness engine",
        "调用活体引擎失败",
        "The engine failed before it reached a verdict: it crashed or took longer than `judge_timeout_s`. Or a stored recording or picture "
        "is missing or not what was stored; that costs the person no attempt. It says nothing about the person.",
        "Let the person try again. If it comes again, look for `engine_fault`, `engine_lost`, `evidence_missing` or `evidence_damaged` in "
        "the server's log, and run `openekyc doctor`.",
    ),
    "1002": Help(
        "The recording is suspected to be spoofed",
        "视频疑似翻拍或伪造",
        "The recording looks like a picture or a screen, was submitted before, or contradicts what the capture client reported.",
        "Do not accept it, and do not tell the person why. `openekyc explain TOKEN` shows which check refused. " + _ONCE_MORE,
    ),
    "1004": Help(
        "Face detection failed",
        "人脸检测失败",
        "The recording cannot be judged: it is too short, too long, damaged or of a kind that is not judged, or shows no face, several "
        "faces, or one that lies on its side, is too small, blurred, covered or too near the edge. It says nothing against the person.",
        "Ask the person to be alone in the picture, with the whole face in view and still, and try again. "
        "The hint the person got names what was wrong.",
    ),
    "1005": Help(
        "The liveness check failed",
        "活体检测未通过",
        "The challenge was not answered: a gesture was not made at its prompt, the colours were not reflected in the face, or the person "
        "changed during the recording. With tag 12 alone the recording lacks a part of it, which says nothing against the person.",
        "Do not accept it. Ask the person to follow each prompt as it appears, to keep facing the screen, and try again.",
    ),
    "1201": Help(
        "The light is too dark or over-exposed",
        "光线过暗或过曝",
        "The face is too dark or over-exposed, or there is too much light on the screen's colours. It says nothing against the person.",
        "Ask the person to face a soft light if it was too dark, or to find shade if it was too bright, and try again.",
    ),
    "2004": Help(
        "The supplied picture is too large or too small",
        "传入的图片过大或过小",
        "The picture to compare with has a side under 80 pixels (48 for a portrait cut from a document), or exceeds the limits on bytes or "
        "pixels.",
        "Supply a photo of at least 80 by 80 pixels and at most 68 megapixels (50 if it is no JPEG). "
        "With a document, photograph it closer.",
    ),
    "2012": Help(
        "There is more than one face",
        "存在多张人脸",
        "Two faces of similar size are in the picture to compare with, or in the recording.",
        "Supply a picture of one person, and ask the person to be alone before the camera.",
    ),
    "2013": Help(
        "There is no face, or the face is not complete",
        "没有人脸或人脸不完整",
        "No complete face is found in the picture to compare with, or the face is cut off in the best frame of the recording.",
        "Supply a frontal photo with the whole face in it. If the hint was to move back, ask the person for a little more distance.",
    ),
    "2014": Help(
        "The resolution or quality of the picture is too low",
        "图片分辨率或质量过低",
        "The picture to compare with cannot be decoded, or its face is too small, too dark, over-exposed or blurred; "
        "or the face in the recording is too small or blurred.",
        "Supply a sharper and larger photo. If the person got a hint, ask them to follow it and try again.",
    ),
    "2015": Help(
        "The comparison failed",
        "比对失败",
        "The comparison could not be made: the recording has no frame to compare with, or no features could be taken from the picture. "
        "Of a session whose document was refused it is the code too, since there is no portrait to compare with.",
        "If the document was refused, look at its warnings, and issue a new token to show it again. Else let the person try again.",
    ),
    "2016": Help(
        "The similarity is below the pass mark",
        "比对相似度低于通过标准",
        "Liveness passed, but the face in the recording and the one in the picture are less alike than `pass_similarity`.",
        "Do not accept it. If the picture is old or poor, supply a better one and issue a new token.",
    ),
    "2017": Help(
        "The face is covered",
        "人脸有遮挡",
        "A mask, a hand or hair covers the face in the picture to compare with, or in the recording.",
        "Supply a photo of the bare face, or ask the person to take away what covers the face, and try again.",
    ),
}
"""Of the faceid and sdk families."""

LIVENESS_RESULTS: Mapping[str, Help] = {code: about for code, about in RESULTS.items() if not code.startswith("2")}
"""Of the liveness family, which never compares."""

_WEB_OWN: Mapping[str, Help] = {
    "15": Help(
        "The token expired before the verification was finished",
        "Token 已过期，核验未完成",
        "The person did not begin in time (`start_window_s`, and `retry_window_s` after an attempt), and no attempt was judged.",
        "Call ApplyWebVerificationBizTokenIntl again and send the person to the new address at once.",
    ),
    "16": Help(
        "All attempts are used up",
        "重试次数已用完",
        "The last attempt that the token allowed was given up before it could be judged.",
        "Issue a new token if the person may go on. `LivenessRetryLimit` sets how many attempts one has.",
    ),
    "17": Help(
        "The verification process is not finished",
        "核验流程未完成",
        "No attempt has a verdict yet: the person has not begun, is being captured or is being judged.",
        "Ask again in a few seconds, or when the person arrives at your RedirectURL.",
    ),
    "202": Help(
        "The video could not be obtained",
        "未能获取视频",
        "The attempt broke off for a technical reason before its recording was complete. It stands in VerificationDetailList only.",
        "Look at the other attempts. If all end so, check the person's connection and `openekyc explain TOKEN`.",
    ),
    "1107": Help(
        "The video is empty or of unsuitable length",
        "视频为空或时长不符合要求",
        "The recording is too short, too long, has too few frames, is damaged or of a kind that is not judged. The hint says which.",
        "Ask the person to let the recording run to its end, in a browser that is up to date, and try again.",
    ),
    "1201": Help(
        "The light is too dark",
        "光线过暗",
        "Too little light falls on the face.",
        "Ask the person to find more light, facing it, and try again.",
    ),
    "1202": Help(
        "The light is too bright",
        "光线过强",
        "The face is over-exposed, or there is too much light on the screen's colours.",
        "Ask the person to find shade, away from sun and lamps, and try again.",
    ),
    "1203": Help(
        "The face is too close",
        "人脸过近",
        "The face leaves no room for its surroundings in the picture.",
        "Ask the person to move back a little and try again.",
    ),
    "1205": Help(
        "The face is too far away",
        "人脸过远",
        "The face is too small in the picture.",
        "Ask the person to come closer and try again.",
    ),
    "1210": Help(
        "No complete face, or it is covered",
        "未检测到完整人脸或人脸有遮挡",
        "A mask, a hand or hair covers the face in the recording, or in the picture to compare with.",
        "Ask the person to take away what covers the face. Supply a photo of the bare face.",
    ),
    "1409": Help(
        "The verification timed out",
        "核验超时",
        "Time ran out: for one try (`LivenessTimeout`, or `capture_session_s`), for the upload (`capture_upload_s`), for the whole attempt "
        "(`attempt_total_s`), or the page gave no sign of life (`attempt_idle_s`).",
        "Let the person begin again while the token lives, else issue a new one. Set a longer `LivenessTimeout` if it comes often.",
    ),
    "1410": Help(
        "The person left the verification",
        "用户退出核验",
        "The person chose to leave before there was a verdict.",
        "Offer the same address again: while the token lives the person may come back. Else issue a new token.",
    ),
}

_SHARED = {code: about for code, about in RESULTS.items() if code not in ("-999", "2017")}

WEB_RESULTS: Mapping[str, Help] = dict(sorted((_SHARED | dict(_WEB_OWN)).items(), key=lambda item: int(item[0])))
"""Of the hosted page, whose codes are integers; here as text."""
