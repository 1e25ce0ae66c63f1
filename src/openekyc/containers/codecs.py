"""The codecs that are judged, and the names under which containers know them and others. Data only."""

from typing import Literal

Container = Literal["matroska", "mov", "avi", "flv"]

CONTAINERS: dict[Container, str] = {"matroska": "WebM or Matroska", "mov": "MP4 or MOV", "avi": "AVI", "flv": "FLV"}

DECODERS: dict[str, frozenset[str]] = {
    "VP8": frozenset({"vp8"}),
    "VP9": frozenset({"vp9"}),
    "AV1": frozenset({"av1", "libdav1d"}),
    "H.264": frozenset({"h264"}),
    "HEVC": frozenset({"hevc"}),
    "MPEG-4 part 2": frozenset({"mpeg4"}),
    "Motion JPEG": frozenset({"mjpeg"}),
    "FLV1": frozenset({"flv", "flv1"}),
    "H.263": frozenset({"h263"}),
}
"""Codec -> what FFmpeg calls its decoders. Nothing else is decoded."""

LIST = "H.264, HEVC, VP8, VP9, AV1, MPEG-4 part 2, Motion JPEG, FLV1 or H.263"

# fmt: off
_FOURCCS: dict[str, tuple[str, ...]] = {
    "H.264": ("avc1", "avc2", "avc3", "avc4", "h264", "x264", "davc", "vssh"),
    "HEVC": ("hvc1", "hev1", "hvc2", "hev2", "hevc", "h265", "x265", "dvh1", "dvhe"),
    "AV1": ("av01",),
    "VP8": ("vp08", "vp80"),
    "VP9": ("vp09", "vp90"),
    "MPEG-4 part 2": ("mp4v", "xvid", "divx", "dx50", "fmp4", "m4s2", "mp4s", "3iv2"),
    "Motion JPEG": ("mjpg", "mjpa", "jpeg", "avdj", "ijpg", "dmb1"),
    "FLV1": ("flv1",),
    "H.263": ("s263", "h263", "u263"),
    "ProRes": ("apch", "apcn", "apcs", "apco", "ap4h", "ap4x"),
    "DNxHD": ("avdn", "avdh"),
    "H.266": ("vvc1", "vvi1"),
    "MPEG-2 video": ("mp2v", "mpg2", "mpeg", "hdv1", "hdv2", "hdv3", "xdv1", "mx5p"),
    "MPEG-1 video": ("mp1v", "mpg1", "m1v "),
    "MS MPEG-4": ("mp41", "mp42", "mp43", "div2", "div3", "div4", "mpg4"),
    "Windows Media Video": ("wmv1", "wmv2", "wmv3", "wvc1"),
    "Sorenson Video": ("svq1", "svq3"),
    "DV": ("dvc ", "dvcp", "dvpp", "dv5n", "dv5p", "dvsd", "dvhd", "dvsl"),
    "QuickTime Animation": ("rle ",),
    "Cinepak": ("cvid",),
    "Indeo": ("iv31", "iv32", "iv41", "iv50"),
    "FFV1": ("ffv1",),
    "HuffYUV": ("hfyu", "ffvh"),
    "PNG": ("png ", "mpng"),
    "uncompressed video": ("raw ", "yuv2", "2vuy", "v210", "i420", "yv12", "yuy2", "uyvy", "nv12", "dib "),
    "encrypted video": ("encv", "drmi"),
}

_MATROSKA = {
    "V_VP8": "VP8", "V_VP9": "VP9", "V_AV1": "AV1", "V_MPEG4/ISO/AVC": "H.264", "V_MPEGH/ISO/HEVC": "HEVC",
    "V_MPEG4/ISO/SP": "MPEG-4 part 2", "V_MPEG4/ISO/ASP": "MPEG-4 part 2", "V_MPEG4/ISO/AP": "MPEG-4 part 2",
    "V_MJPEG": "Motion JPEG", "V_MPEG1": "MPEG-1 video",
    "V_MPEG2": "MPEG-2 video", "V_MPEGI/ISO/VVC": "H.266", "V_THEORA": "Theora", "V_PRORES": "ProRes", "V_FFV1": "FFV1",
    "V_UNCOMPRESSED": "uncompressed video", "V_MPEG4/MS/V3": "MS MPEG-4",
}

_FLV = {
    2: "FLV1", 3: "Screen Video", 4: "VP6", 5: "VP6", 6: "Screen Video",
    7: "H.264", 8: "H.263", 9: "MPEG-4 part 2", 12: "HEVC", 13: "AV1",
}
# fmt: on

_OBJECTS = {0x20: "MPEG-4 part 2", 0x21: "H.264", 0x23: "HEVC", 0x6A: "MPEG-1 video", 0x6C: "Motion JPEG", 0xB1: "VP9"} | dict.fromkeys(
    range(0x60, 0x66), "MPEG-2 video"
)

_BY_FOURCC = {fourcc: codec for codec, fourccs in _FOURCCS.items() for fourcc in fourccs}
_PRINTED = 24  # most signs of a name that is not known


def by_fourcc(code: bytes) -> str:
    """The codec four characters stand for, else the characters themselves."""
    if not any(code):
        return "uncompressed video"
    text = code.decode("latin-1").lower()
    return _BY_FOURCC.get(text) or _named(code)


def by_matroska(name: bytes) -> str:
    """The codec of a Matroska CodecID."""
    return _MATROSKA.get(name.rstrip(b"\0").decode("latin-1")) or _named(name)


def by_object(kind: int) -> str:
    """The codec of an MPEG-4 object type."""
    return _OBJECTS.get(kind, f"MPEG-4 object {kind:#04x}")


def by_flv(number: int) -> str:
    """The codec of an FLV video tag."""
    return _FLV.get(number, f"FLV codec {number}")


def _named(code: bytes) -> str:
    """An unknown name, fit to be shown: it comes from outside."""
    signs = code[:_PRINTED].decode("latin-1")
    shown = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_/. ") else "?" for sign in signs).strip()
    return f"'{shown or '?'}'"
