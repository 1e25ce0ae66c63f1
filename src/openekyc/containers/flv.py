"""FLV: tags. There is no index: the first tag with pictures says what codec they are in."""

from openekyc.containers import codecs
from openekyc.containers.finding import UNTOLD, Looking, Pictures, judged

_TAGS = 64  # before the first with pictures
_VIDEO = 9


def look(end: int, begin: int) -> Looking:
    """What the first `end` bytes tell that the first `begin` did not."""
    head = yield 0, 9
    at = max(int.from_bytes(head[5:9], "big"), 9) + 4
    for _ in range(_TAGS):
        tag = yield at, 16
        if len(tag) < 16 or (at + 16 <= begin and tag[0] & 0x1F == _VIDEO):
            return UNTOLD  # not all there, or looked at when it came
        if tag[0] & 0x1F == _VIDEO:
            codec = codecs.by_fourcc(tag[12:16]) if tag[11] & 0x80 else codecs.by_flv(tag[11] & 0x0F)
            return judged("flv", 1, [Pictures(codec)])
        at += 11 + int.from_bytes(tag[1:4], "big") + 4
        if at >= end:
            return UNTOLD
    return UNTOLD
