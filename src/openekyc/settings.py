"""One frozen Settings value: defaults, then the TOML file, then the environment (`OPENEKYC_*`)."""

import os
import sys
from pathlib import Path

import msgspec


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything an operator may set. Times are in seconds, sizes in bytes. The field's name in upper case behind `OPENEKYC_` is
    its environment variable; lists are comma-separated there."""

    home: Path = Path.home() / ".openekyc"
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""  # how clients reach this server; "" = the Host header of the call
    public_hosts: tuple[str, ...] = ()  # further host names that signatures may name (proxies)

    regions: tuple[str, ...] = ("ap-bangkok", "ap-hongkong", "ap-jakarta", "ap-singapore", "sa-saopaulo")
    signature_window_s: int = 300
    unsigned_payload_needs_tls: bool = False
    rate_per_second: int = 20

    start_window_s: int = 600
    liveness_result_window_s: int = 7200
    faceid_result_window_s: int = 259_200
    link_seconds: int = 600
    liveness_retry_limit: int = 5  # ApplyLivenessToken has no RetryLimit parameter
    paid_tiers: bool = False  # True: LivenessInfoTag only for PRO and PLUS, as the vendor bills it
    drawn_gestures: int = 0  # gestures drawn at random on top of the ActionList

    attempt_idle_s: int = 60
    attempt_total_s: int = 180
    recording_max_bytes: int = 10_000_000
    recording_max_s: float = 30.0
    trace_max_bytes: int = 2_000_000

    pass_similarity: float = 70.0

    workers: int = max(1, min(4, os.cpu_count() or 1))
    judge_timeout_s: float = 60.0
    models: Path | None = None  # folder of weight files; None = share/openekyc/models of this Python environment
    log_level: str = "info"
    log_json: bool = True

    @property
    def models_folder(self) -> Path:
        """Where the weight files lie."""
        return self.models or Path(sys.prefix) / "share" / "openekyc" / "models"
