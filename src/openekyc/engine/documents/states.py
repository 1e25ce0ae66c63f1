"""Codes of states and organisations in machine-readable zones, and the first letters of document codes.

Source: ICAO 9303 part 3, section 5 (ISO 3166-1 alpha-3 and the additional codes); UTO is its example state.
"""

from itertools import product

CODES = frozenset(
    """
    ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR BLZ BMU BOL
    BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM
    DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY
    HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY
    LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM
    NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU
    SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON
    TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE D EUE EUT GBD GBN GBO GBP
    GBS RKS UNA UNK UNO XAA XAU XBA XCA XCC XCE XCO XDC XEC XES XIM XMP XOM XPO XXA XXB XXC XXX ZIM NTZ ROM TMP UTO
    """.split()  # noqa: SIM905 a line for each of 280 codes otherwise
)
DOCUMENTS = "ACIPV"  # identity cards (A, C, I), passports, visas

# What recognisers take for each other in OCR-B, where only letters or fillers can stand.
_ALIKE = ("OQDC0", "IL1TJ", "S5", "B8", "Z2", "G6C", "UV", "MN", "EF", "<AKC", "PR", "KX", "VY", "HM")


def corrected(code: str) -> str:
    """A code of the list as it is; another one as the only code of the list that looks like it (one character off), else as it is."""
    code = code.strip("<")
    if code in CODES:
        return code
    near = {other.strip("<") for other in _one_off(code.ljust(3, "<"))} & CODES
    return near.pop() if len(near) == 1 else code


def _one_off(code: str) -> set[str]:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
    return {code[:index] + other + code[index + 1 :] for index, other in product(range(3), letters) if _alike(code[index], other)}


def _alike(one: str, other: str) -> bool:
    return any(one in group and other in group for group in _ALIKE)
