"""Invented people: names drawn from common words of each language, dates, and numbers whose check digits hold."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from openekyc.engine.documents import checks

ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
THAI_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")

CHINESE_SURNAMES = (
    ("陳", "CHAN", "陈"), ("林", "LAM", "林"), ("黃", "WONG", "黄"), ("張", "CHEUNG", "张"), ("李", "LEE", "李"), ("王", "WONG", "王"),
    ("吳", "NG", "吴"), ("何", "HO", "何"), ("周", "CHOW", "周"), ("梁", "LEUNG", "梁"),
)  # fmt: skip
CHINESE_GIVEN = (
    ("大文", "Tai Man", "大文"), ("小明", "Siu Ming", "小明"), ("美玲", "Mei Ling", "美玲"), ("志強", "Chi Keung", "志强"),
    ("家欣", "Ka Yan", "家欣"), ("國華", "Kwok Wah", "国华"), ("淑芬", "Shuk Fan", "淑芬"), ("永康", "Wing Hong", "永康"),
    ("嘉慧", "Ka Wai", "嘉慧"), ("文傑", "Man Kit", "文杰"),
)  # fmt: skip
MALAY = ("AHMAD BIN ISMAIL", "SITI AMINAH BINTI OSMAN", "TAN WEI LING", "RAJESH A/L KUMAR", "NURUL HUDA BINTI YUSOF", "LIM CHEE KEONG")
INDONESIAN = ("BUDI SANTOSO", "SITI RAHAYU", "AGUS WIJAYA", "DEWI LESTARI", "EKO PRASETYO", "RINA MARLINA")
FILIPINO_LAST = ("DELA CRUZ", "SANTOS", "REYES", "BAUTISTA", "GARCIA", "MENDOZA")
FILIPINO_FIRST = ("JUAN", "MARIA CLARA", "JOSE", "ANGELICA", "RAMON", "CARMELA")
THAI_NAMES = (
    ("นาย", "Mr.", "สมชาย", "Somchai"), ("น.ส.", "Miss", "สมหญิง", "Somying"), ("นาย", "Mr.", "วิชัย", "Wichai"),
    ("น.ส.", "Miss", "อรทัย", "Orathai"), ("นาย", "Mr.", "ประเสริฐ", "Prasert"),
)  # fmt: skip
THAI_LAST = (("ใจดี", "Jaidee"), ("รักไทย", "Rakthai"), ("มีสุข", "Meesuk"), ("ทองคำ", "Thongkham"), ("ศรีสุข", "Srisuk"))
JAPANESE_NAMES = (("山田", "太郎"), ("佐藤", "花子"), ("鈴木", "一郎"), ("高橋", "美咲"), ("田中", "健太"), ("渡辺", "さくら"))
EUROPEAN_NAMES = (("ERIKSSON", "ANNA MARIA"), ("MUSTERMANN", "ERIKA"), ("SPECIMEN", "JOHN PAUL"), ("MARTIN", "CLAIRE"), ("NOVAK", "JAN"))


class Dates(NamedTuple):
    """Three days in order: birth, issue, expiry."""

    born: date
    issued: date
    until: date


def life(random: Random, years: int = 10) -> Dates:
    """A grown person's dates; the document is valid for `years` from its issue."""
    born = date(1950, 1, 1) + timedelta(days=random.randrange(19_000))
    issued = date(2019, 1, 1) + timedelta(days=random.randrange(2_300))
    return Dates(born, issued, date(issued.year + years, issued.month, min(issued.day, 28)))


def dmy(day: date) -> str:
    """DD-MM-YYYY."""
    return day.strftime("%d-%m-%Y")


def english_day(day: date) -> str:
    """`3 Mar. 1985`."""
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]}. {day.year}"


def thai_day(day: date) -> str:
    """`3 มี.ค. 2528`."""
    return f"{day.day} {THAI_MONTHS[day.month - 1]} {day.year + 543}"


def digits(random: Random, count: int) -> str:
    """That many figures."""
    return "".join(str(random.randrange(10)) for _ in range(count))


def hkid(random: Random) -> str:
    """A Hong Kong number with its check digit."""
    body = random.choice("ABCDEGKMPRVYZ") + digits(random, 6)
    return f"{body}({checks.hkid_digit(body)})"


def mykad(random: Random, born: date, *, female: bool) -> str:
    """A Malaysian number."""
    last = random.randrange(5) * 2 + (0 if female else 1)
    return f"{born:%y%m%d}-{random.randrange(1, 15):02}-{digits(random, 3)}{last}"


def nik(random: Random, born: date, *, female: bool) -> str:
    """An Indonesian number; a woman's day is forty more."""
    return f"3171{random.randrange(1, 9):02}{born.day + (40 if female else 0):02}{born:%m%y}{random.randrange(1, 9999):04}"


def mainland(random: Random, born: date, *, female: bool) -> str:
    """A mainland number with its check digit."""
    body = f"11010{random.randrange(1, 9)}{born:%Y%m%d}{digits(random, 2)}{random.randrange(5) * 2 + (0 if female else 1)}"
    return body + checks.mainland_digit(body)


def thai(random: Random) -> str:
    """A Thai number as printed, in five groups."""
    body = str(random.randrange(1, 9)) + digits(random, 11)
    return f"{body[0]} {body[1:5]} {body[5:10]} {body[10:]} {checks.thai_digit(body)}"


def taiwan(random: Random, *, female: bool) -> str:
    """A Taiwan number with its check digit."""
    body = random.choice("ABCDEFHJKLMNPQT") + ("2" if female else "1") + digits(random, 7)
    return next(body + last for last in "0123456789" if checks.taiwan(body + last))


def nric(random: Random, born: date) -> str:
    """A Singapore number with its letter."""
    body = f"{'S' if born.year < 2000 else 'T'}{born:%y}{digits(random, 5)}"
    return body + checks.nric_letter(body)


def japanese_licence(random: Random) -> str:
    """Twelve figures of which the eleventh checks the first ten."""
    body = "30" + digits(random, 8)
    return body + checks.japan_licence_digit(body) + "0"


def tin(random: Random) -> str:
    """A Philippine TIN with branch code."""
    body = str(random.randrange(1, 9)) + digits(random, 7)
    whole = body + checks.tin_digit(body)
    return f"{whole[:3]}-{whole[3:6]}-{whole[6:]}-000"
