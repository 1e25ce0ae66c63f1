"""Common words from which long names and addresses are put together. Nobody's: names are drawn word by word."""

INDONESIAN = (
    "MUHAMMAD", "NUR", "SITI", "DEWI", "PUTRI", "RIZKY", "AGUS", "BAYU", "KURNIAWAN", "HIDAYATULLAH", "SETIAWAN", "PRASETYO", "WULANDARI",
    "ANGGRAINI", "SIMANJUNTAK", "SITUMORANG", "RAHMAWATI", "FEBRIANTI", "MAHARANI", "ADI", "TRI", "EKA", "DWI", "AYU", "LESTARI",
    "SASTROWARDOYO", "KUSUMANINGRUM", "MANURUNG", "ABDUL", "RACHMAN", "OKTAVIANI", "PERMATASARI", "NUGROHO", "YOHANES", "FRANSISKUS",
)  # fmt: skip
MALAY_MEN = (
    "MUHAMMAD", "MOHD", "AHMAD", "HAFIZ", "SYAFIQ", "FAKHRURRAZI", "AMIRUL", "HAKIM", "FARHAN", "IZZUDDIN", "SHAHRUL", "NIZAM", "DANIAL",
    "ABDUL RAHMAN", "ABDUL AZIZ", "KHAIRUL", "ANUAR", "ZULKARNAIN", "HARIS", "ISMAIL", "SULAIMAN", "KAMARUZZAMAN",
)  # fmt: skip
MALAY_WOMEN = (
    "NUR", "NURUL", "SITI", "AISYAH", "NORHAYATI", "SHARIFAH", "FATIHAH", "ALIA", "NAJWA", "SYAZWANI", "KHADIJAH", "IZZATI", "BALQIS",
    "HUMAIRA", "ROHANI", "ZULAIKHA", "FATIMAH", "ATHIRAH",
)  # fmt: skip
TAMIL = ("SUBRAMANIAM", "RAJENDRAN", "MUTHUSAMY", "KRISHNAN", "LETCHUMANAN", "THIRUCHELVAM", "DEVI", "PRIYA", "KUMAR", "VIGNESWARAN")
HOKKIEN = ("TAN", "LIM", "NG", "ONG", "LEE", "GOH", "CHUA", "KOH")
HOKKIEN_GIVEN = ("WEI LING", "CHEE KEONG", "MEI HUA", "JIA HUI", "KOK LEONG", "SIEW YIN", "BOON KIAT", "XIN YI", "ZI XUAN", "E")
WESTERN = ("BENJAMIN", "CHRISTOPHER", "EVA", "JOSEPHINE", "NICHOLAS", "ALEXANDRA", "IAN", "STEPHANIE")
FILIPINO_LAST = (
    "DELA CRUZ", "SANTOS", "REYES", "BAUTISTA", "MACAPAGAL", "DE LOS SANTOS", "VILLANUEVA", "DIMAANDAL", "MAGBANUA", "DE GUZMAN", "SY",
    "PANGANIBAN", "SAN BUENAVENTURA", "KATIGBAK", "CATACUTAN", "LIM", "EVANGELISTA", "DEL ROSARIO", "SALONGA", "BATUNGBAKAL",
)  # fmt: skip
FILIPINO_FIRST = (
    "MARIA", "JOSE", "ANGELICA", "JUAN", "MIGUEL", "CARMELA", "JOY", "CHRISTINE", "MARK", "ANTHONY", "FRANCISCO", "TERESITA", "ROSARIO",
    "BERNADETTE", "MAE", "EMMANUEL", "LOURDES", "KRISTOFFERSON", "JOHN", "PAUL", "IMMACULADA", "GRACE",
)  # fmt: skip
PORTUGUESE_LAST = (
    "DA SILVA",
    "DOS SANTOS",
    "DO ROSARIO",
    "DE ASSUNCAO",
    "PEREIRA",
    "XAVIER",
    "NUNES",
    "RODRIGUES",
    "SALES MARQUES",
    "DIAS",
)
PORTUGUESE_FIRST = ("MARIA", "JOSE", "ANTONIO", "MANUEL", "DE FATIMA", "ISABEL", "FERNANDO", "DA CONCEICAO", "LUIS", "FILIPE", "TERESA")
SPANISH_LAST = (
    "GARCIA",
    "HERNANDEZ",
    "DE LA FUENTE",
    "MONTENEGRO",
    "VALDERRAMA",
    "ECHEVERRIA",
    "LOPEZ",
    "CASTELLANOS",
    "DEL CASTILLO",
    "ZU",
)
SPANISH_FIRST = ("MARIA", "DEL CARMEN", "JOSE", "GUADALUPE", "FRANCISCO JAVIER", "DE LOS ANGELES", "ALEJANDRO", "LUZ", "IGNACIO", "XIMENA")
ARABIC_LAST = ("AL HASHIMI", "AL SAYED", "EL MANSOURI", "ABDELRAHMAN", "KHALIL", "AL QAHTANI")
ARABIC_FIRST = ("MOHAMMED", "ABDULLAH", "FATIMA", "ZAHRA", "KHALID", "YOUSEF", "MARYAM", "ABDULAZIZ", "OMAR")
SHORT_LAST = ("LEE", "EL", "VAN DER BERG", "O", "SEK", "KACSEK", "VAS", "LEA", "SKALA", "CLAES")
SHORT_FIRST = ("EVA", "LEA", "ALES", "K", "SELVA", "CLAES", "ELSE", "JAN KLAAS")
CHINESE_SURNAMES = (
    ("陳", "CHAN", "陈"), ("黃", "WONG", "黄"), ("歐陽", "AU YEUNG", "欧阳"), ("司徒", "SZETO", "司徒"), ("鄭", "CHENG", "郑"),
    ("張", "CHEUNG", "张"), ("吳", "NG", "吴"),
    ("諸葛", "CHU KOT", "诸葛"), ("梁", "LEUNG", "梁"), ("上官", "SHEUNG KWUN", "上官"), ("李", "LEE", "李"),
)  # fmt: skip
CHINESE_GIVEN = (("大", "Tai", "大"), ("文", "Man", "文"), ("小", "Siu", "小"), ("明", "Ming", "明"), ("美", "Mei", "美"),
    ("玲", "Ling", "玲"), ("志", "Chi", "志"), ("強", "Keung", "强"), ("家", "Ka", "家"), ("欣", "Yan", "欣"), ("國", "Kwok", "国"),
    ("華", "Wah", "华"), ("永", "Wing", "永"), ("康", "Hong", "康"), ("慧", "Wai", "慧"), ("傑", "Kit", "杰"))  # fmt: skip
THAI_SYLLABLES = (
    ("ศรี", "sri"), ("สุวรรณ", "suwan"), ("ทอง", "thong"), ("วงศ์", "wong"), ("เจริญ", "charoen"), ("ชัย", "chai"), ("ไพศาล", "phaisan"),
    ("รัตน", "rattana"), ("พงษ์", "phong"), ("วัฒนา", "watthana"), ("สมบูรณ์", "sombun"), ("มงคล", "mongkhon"), ("กุล", "kun"),
)  # fmt: skip
THAI_FIRST = (
    ("สมชาย", "Somchai"), ("กิตติศักดิ์", "Kittisak"), ("พรทิพย์", "Phonthip"), ("ณัฐวุฒิ", "Natthawut"), ("ปิยะนุช", "Piyanut"), ("อรทัย", "Orathai"),
    ("จุฑามาศ", "Chuthamat"), ("ศุภกิตติ์", "Suphakit"), ("วรัญญา", "Waranya"), ("เอก", "Ek"), ("ธนาวัฒน์", "Thanawat"), ("กัญญารัตน์", "Kanyarat"),
)  # fmt: skip
JAPANESE_LAST = ("山田", "佐藤", "長谷川", "五十嵐", "林", "東", "久保田", "小笠原", "佐々木", "勅使河原", "高橋", "渡邉", "西園寺")
JAPANESE_FIRST = ("太郎", "花子", "誠", "美咲", "さくら", "健太郎", "喜久子", "龍之介", "一", "由美子", "ひなた")

STREETS_MALAYSIA = (
    "JALAN SERI KEMBANGAN",
    "LORONG BUNGA TANJUNG",
    "JALAN TUANKU ABDUL RAHMAN",
    "PERSIARAN SETIAWANGSA",
    "KAMPUNG SUNGAI BARU",
)
PLACES_MALAYSIA = (
    "PEKAN NANAS",
    "TAMAN DESA PERMAI FASA",
    "PULAU INDAH",
    "FLAT SRI PERAK BLOK",
    "KPG BARU SEBERANG",
    "BANDAR BARU BANGI SEKSYEN",
)
TOWNS_MALAYSIA = (("81500 PONTIAN", "JOHOR"), ("43650 BANDAR BARU BANGI", "SELANGOR"), ("93350 KUCHING", "SARAWAK"),
    ("15300 KOTA BHARU", "KELANTAN"), ("50480 KUALA LUMPUR", "W. PERSEKUTUAN(KL)"))  # fmt: skip
STREETS_INDONESIA = (
    "JL. RAYA PONDOK GEDE",
    "PERUM GRIYA ASRI BLOK C",
    "DUSUN KRAJAN TIMUR",
    "JL. JENDERAL SUDIRMAN GG. MAWAR",
    "KP. BABAKAN CIPARAY",
)
STREETS_MANILA = ("KATIPUNAN EXTENSION", "SAMPAGUITA STREET", "RIZAL AVENUE", "MAHARLIKA HIGHWAY", "GEN. LUNA STREET")
VILLAGES_MANILA = ("BRGY. SAN ISIDRO", "VILLA CARIDAD SUBDIVISION", "PUROK 4 BARANGAY POBLACION", "SITIO MALIGAYA", "GREENFIELDS PHASE 2")
CITIES_MANILA = ("QUEZON CITY", "SAN JOSE DEL MONTE, BULACAN", "ZAMBOANGA DEL SUR", "STA. ROSA, LAGUNA", "CAGAYAN DE ORO CITY")
STREETS_SINGAPORE = ("ANG MO KIO AVENUE 3", "BUKIT BATOK WEST AVENUE 6", "TOA PAYOH LORONG 8", "CHOA CHU KANG CRESCENT", "BEACH ROAD")
PLACES_CHINA = (
    "广西壮族自治区南宁市青秀区",
    "新疆维吾尔自治区乌鲁木齐市天山区",
    "北京市东城区",
    "内蒙古自治区呼和浩特市新城区",
    "广东省佛山市顺德区大良街道",
)
STREETS_CHINA = ("和平里东街", "人民中路", "解放北路", "建设大道西段", "长江村委会新村")
PLACES_TAIWAN = ("臺北市中正區黎明里", "新北市板橋區光榮里", "高雄市前鎮區興東里", "花蓮縣壽豐鄉志學村")
STREETS_TAIWAN = ("忠孝東路一段", "中山路二段", "民族一路", "文化街")
PLACES_JAPAN = (
    "東京都千代田区永田町",
    "大阪府東大阪市小阪本町",
    "神奈川県横浜市都筑区茅ケ崎中央",
    "北海道札幌市中央区北一条西",
    "京都府京都市左京区下鴨",
)
HOUSES_JAPAN = ("", "", "グリーンハイツ", "メゾン桜", "パークサイドレジデンス")
PLACES_THAI = (("ต.บางรัก", "อ.เมืองนนทบุรี จ.นนทบุรี"), ("แขวงคลองเตยเหนือ", "เขตวัฒนา กรุงเทพมหานคร"), ("ต.ช้างเผือก", "อ.เมืองเชียงใหม่ จ.เชียงใหม่"),
    ("ต.หนองบัวศาลา", "อ.เมืองนครราชสีมา จ.นครราชสีมา"))  # fmt: skip
