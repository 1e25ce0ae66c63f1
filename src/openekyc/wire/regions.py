"""The region names of the vendor's cloud. A known region that is not accepted is refused differently from an unknown word."""

KNOWN_REGIONS = frozenset(
    {
        "ap-bangkok", "ap-beijing", "ap-beijing-fsi", "ap-chengdu", "ap-chongqing", "ap-guangzhou", "ap-guangzhou-open", "ap-hongkong",
        "ap-jakarta", "ap-mumbai", "ap-nanjing", "ap-seoul", "ap-shanghai", "ap-shanghai-fsi", "ap-shenzhen", "ap-shenzhen-fsi",
        "ap-singapore", "ap-taipei", "ap-tokyo", "eu-frankfurt", "eu-moscow", "me-saudi-arabia", "na-ashburn", "na-siliconvalley",
        "na-toronto", "sa-saopaulo",
    }
)  # fmt: skip
