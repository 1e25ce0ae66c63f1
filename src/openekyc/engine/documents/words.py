"""Printed words: folded for comparing, tidied for giving out, and compared tolerantly."""

import re
import unicodedata
from collections.abc import Iterator

# One spelling for the forms of a character that recognisers exchange; both sides of a comparison are folded.
_VARIANTS = str.maketrans(
    "别换证签统编绅号码发龙华门湾国区汉满乡镇县东关类转种条单体长马两产厅会经达陈阳庆广庄兰观台转転種関証",
    "別換證簽統編紳號碼發龍華門灣國區漢滿鄉鎮縣東關類轉種條單體長馬兩產廳會經達陳陽慶廣莊蘭觀臺轉轉種關證",
)
_DROPPED = re.compile(r"[\s:;,.·•・'`’\"_\-‐-―−()/|]+")
# `M.H`, `S.Kom`, `JR`: the stop at the end belongs to it.
_ABBREVIATED = re.compile(r"(^|[\s,.])[A-Za-z]{1,4}\.\s?[A-Za-z]{1,5}$|\s(JR|SR)$", re.I)
_CJK = "\u2e80-\u9fff\uf900-\ufaff\u3040-\u30ff\u3005々"
_CJK_GAP = re.compile(f"(?<=[{_CJK}、。])\\s+(?=[{_CJK}0-9、。(])|(?<=[0-9)])\\s+(?=[{_CJK}])")
LATIN_NAME = r"^[A-Za-zÀ-ɏ][^\d<:\u2e80-\u9fff]*$"  # what a further row of a name in Latin letters looks like
HAN_NAME = "^[\u2e80-\u9fff\u3005\u3007\u30fb\u00b7\u2027]+$"


def folded(text: str) -> str:
    """For comparing: NFKC, upper case, without spaces and punctuation, variant forms as one."""
    return "".join(_folded_characters(text))


def _folded_characters(text: str) -> Iterator[str]:
    for character in unicodedata.normalize("NFKC", text):
        if not _DROPPED.fullmatch(character):
            yield character.upper().translate(_VARIANTS)


def tidy(text: str) -> str:
    """A value as it is given out: NFKC, single spaces, none between Han and kana, without what a label leaves at its edges."""
    text = unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-").replace("—", "-")
    text = text.replace("\u0e4d\u0e32", "\u0e33")  # NFKC takes the Thai vowel am apart; people write it as one
    text = _CJK_GAP.sub("", re.sub(r"\s+", " ", text)).strip()
    bare = text.strip(" :;|·•_.,")
    return bare + "." if text.endswith(".") and _ABBREVIATED.search(bare) else bare


def stop(text: str) -> str:
    """The comma or stop that a row ends with: the next row may go on after it, and what a value ends with is left out later."""
    end = text.rstrip()[-2:]
    return end[1] if len(end) == 2 and end[0].isalnum() and end[1] in ",." and not tidy(text).endswith(end[1]) else ""


def is_han(text: str) -> bool:
    """Whether a text is nothing but Han characters and kana."""
    return bool(re.fullmatch(f"[{_CJK}ー·・]+", tidy(text)))


def distance(label: str, text: str) -> tuple[int, int]:
    """The least edit distance between `label` and any beginning of `text`, and how long that beginning is."""
    row = list(range(len(text) + 1))
    for i, wanted in enumerate(label, 1):
        before, row[0] = row[0], i
        for j, found in enumerate(text, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (wanted != found))
    end = min(range(len(row)), key=lambda place: (row[place], abs(place - len(label))))
    return row[end], end


def slack(label: str) -> int:
    """How many wrong characters a label may have: none under four, then one for every five (of Han: for every four)."""
    each = 4 if label and ord(label[0]) > 0x2E80 else 5
    return 0 if len(label) < 4 else max(1, len(label) // each)


def begins(text: str, folded_text: str, label: str) -> bool:
    """Whether a text begins with a label that is a word of its own there."""
    if not folded_text.startswith(label):
        return False
    after = rest(text, len(label))
    last = unicodedata.normalize("NFKC", text)[: -len(after) or None][-1:]
    return not (after[:1].isalpha() and label.isascii() and last.isalpha() and last.isupper() == after[0].isupper())


def breadth(text: str) -> float:
    """How wide a text is printed, in widths of a Latin letter."""
    return sum(2.0 if ord(character) > 0x2E80 else 1.0 for character in text)


def rest(text: str, kept: int) -> str:
    """What is left of a text after its first `kept` folded characters."""
    text, seen = unicodedata.normalize("NFKC", text), 0
    for place, character in enumerate(text):
        if seen == kept:
            return text[place:]
        seen += not _DROPPED.fullmatch(character)
    return ""


def loose(label: str) -> str:
    """A pattern for a folded label in a text that is not folded, at the beginning of a word."""
    end = r"(?![^\W_])" if label.isascii() else ""
    return r"(?<![^\W_])" + r"[\s:;,.'\-()/]*".join(re.escape(character) for character in label) + end
