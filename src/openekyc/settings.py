"""One frozen Settings value: what an operator may set, with its bounds, meaning and default. `setting_sources` reads it."""

import ipaddress
import os
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from openekyc import branding
from openekyc.setting_values import names_of


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything an operator may set. Times are in seconds, sizes in bytes. The field's name in upper case behind `OPENEKYC_` is
    its environment variable. A list is a TOML array, a JSON list, or words with commas between them; nothing is the empty list."""

    home: Annotated[Path, Meta(description="Folder of the database, recordings, keys and the optional openekyc.toml.")] = (
        Path.home() / ".openekyc"
    )
    host: Annotated[str, Meta(min_length=1, description="Address the server listens on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port the server listens on; 0 picks a free one.")] = 8080
    public_url: Annotated[
        str,
        Meta(
            description="Address clients reach this server by, such as https://ekyc.example.com: links begin with it, and signatures may"
            " name its host with and without the port; empty: the Host header of the call."
        ),
    ] = ""
    public_hosts: Annotated[
        tuple[str, ...], Meta(description="Further host names that signatures may name; needs `public_url`, which links begin with.")
    ] = ()
    trusted_proxies: Annotated[
        tuple[str, ...],
        Meta(
            description="Addresses and networks of proxies in front, such as 127.0.0.0/8: X-Forwarded-For and X-Forwarded-Proto are"
            " believed from these alone; none by default."
        ),
    ] = ()
    connections_per_address: Annotated[
        int,
        Meta(ge=1, description="Connections one address (IPv6: one /64 network) may keep open; `trusted_proxies` may keep any number."),
    ] = 256
    bodies_in_flight_bytes: Annotated[
        int,
        Meta(ge=64 * 1024 * 1024, description="Bytes of request bodies held at once; one address or key holds at most a quarter."),
    ] = 128 * 1024 * 1024

    regions: Annotated[tuple[str, ...], Meta(description="Values of X-TC-Region that are accepted.")] = (
        "ap-bangkok",
        "ap-hongkong",
        "ap-jakarta",
        "ap-singapore",
        "sa-saopaulo",
    )
    signature_window_s: Annotated[int, Meta(ge=1, description="How far a signature's time may lie from the server's clock.")] = 300
    unsigned_payload_needs_tls: Annotated[bool, Meta(description="Refuse UNSIGNED-PAYLOAD over plain HTTP.")] = False
    refuse_repeated_signatures: Annotated[
        bool,
        Meta(
            description="Refuse a signed call that came before within the window. Two identical calls of one second have one signature,"
            " so an honest second one is refused too; v1 calls differ by their Nonce."
        ),
    ] = False
    rate_per_second: Annotated[int, Meta(ge=1, description="Calls per second, for each account and action.")] = 20

    start_window_s: Annotated[int, Meta(ge=1, description="The first attempt must begin this soon after the token was issued.")] = 600
    liveness_result_window_s: Annotated[int, Meta(ge=1, description="How long GetLivenessResult answers for a token.")] = 7200
    faceid_result_window_s: Annotated[int, Meta(ge=1, description="How long GetFaceIdResultIntl answers for a token.")] = 259_200
    sdk_start_window_s: Annotated[
        int, Meta(ge=1, description="An ApplySdkVerificationToken token must be used this soon: documents and the first attempt.")
    ] = 7200
    sdk_result_window_s: Annotated[int, Meta(ge=1, description="How long GetSdkVerificationResult answers for a token.")] = 259_200
    web_result_window_s: Annotated[int, Meta(ge=1, description="How long GetWebVerificationResultIntl answers for a token.")] = 259_200
    link_seconds: Annotated[int, Meta(ge=1, description="How long a media Url works after the call that returned it.")] = 600
    liveness_retry_limit: Annotated[
        int, Meta(ge=1, le=5, description="Attempts of one ApplyLivenessToken token (that action has no RetryLimit).")
    ] = 5
    paid_tiers: Annotated[bool, Meta(description="Give LivenessInfoTag only to SdkVersion PRO and PLUS, as the vendor bills it.")] = False
    refuse_expired: Annotated[
        bool, Meta(description="Refuse documents of every kind whose date of expiry, as read, has passed everywhere on Earth.")
    ] = False
    drawn_gestures: Annotated[
        int,
        Meta(
            ge=0,
            le=4,
            description="Gestures drawn at random beside the blink where the caller names no ActionList (levels 2 and 4); nothing is added "
            "to a named one. 0 is the vendor's bare blink, which a print with holes for living eyes passes.",
        ),
    ] = 1

    attempts_per_token: Annotated[
        int, Meta(ge=0, description="Attempts of one token at most, whatever the apply call asked for; 0: no limit.")
    ] = 0
    attempts_per_extra: Annotated[int, Meta(ge=0, description="Attempts within an hour of tokens with the same Extra; 0: no limit.")] = 0
    attempts_per_address: Annotated[
        int, Meta(ge=0, description="Attempts within an hour from one address (IPv6: its /64); 0: no limit.")
    ] = 0
    attempts_per_hour: Annotated[int, Meta(ge=0, description="Attempts within an hour of the whole account; 0: no limit.")] = 0
    velocity_tokens: Annotated[int, Meta(ge=0, description="Tokens within an hour with the same Extra; 0: no limit.")] = 0
    velocity_failures: Annotated[
        int, Meta(ge=0, description="Attempts judged not to pass within an hour, of the same Extra; 0: no limit.")
    ] = 0
    velocity_addresses: Annotated[int, Meta(ge=0, description="Addresses within an hour that one Extra was tried from; 0: no limit.")] = 0
    velocity_devices: Annotated[
        int, Meta(ge=0, description="Devices within an hour, by their own word, that one Extra was tried with; 0: no limit.")
    ] = 0

    retry_window_s: Annotated[int, Meta(ge=1, description="After an attempt failed, the next one must begin this soon.")] = 180
    attempt_idle_s: Annotated[int, Meta(ge=1, description="An attempt without a sign of life for this long is abandoned.")] = 60
    attempt_total_s: Annotated[int, Meta(ge=1, description="An attempt must be submitted this soon after it began.")] = 180
    recording_max_bytes: Annotated[int, Meta(ge=1, description="Largest recording of one attempt.")] = 10_000_000
    recording_max_s: Annotated[float, Meta(gt=0, description="Longest recording of one attempt.")] = 30.0
    recording_max_slices: Annotated[int, Meta(ge=1, description="Most pieces a recording may be uploaded in.")] = 512
    trace_max_bytes: Annotated[int, Meta(ge=1, description="Largest trace of one attempt.")] = 2_000_000
    trace_max_batches: Annotated[int, Meta(ge=1, description="Most pieces a trace may be uploaded in.")] = 1024
    light_answer_s: Annotated[
        float,
        Meta(gt=0, description="From the disclosure of the colours to submission, on top of the light step itself; later is refused."),
    ] = 40.0

    replay_days: Annotated[
        int, Meta(ge=0, le=3650, description="Days for which a judged recording is recognised if it comes again; 0: never.")
    ] = 90
    replay_most: Annotated[int, Meta(ge=1, le=100_000, description="How many of the newest recordings are compared.")] = 2000

    capture_oval: Annotated[
        tuple[float, float, float, float], Meta(description="Where the face should be: x, y, width, height as shares of the frame.")
    ] = (0.32, 0.155, 0.36, 0.69)  # a face that fills it leaves the passive network 1.8 face boxes of picture
    face_width_min: Annotated[float, Meta(gt=0, lt=1, description="Below this share of the frame's width a face should come closer.")] = 0.2
    face_width_max: Annotated[float, Meta(gt=0, le=1, description="Above this share of the frame's width a face should move back.")] = 0.42
    face_luma_min: Annotated[float, Meta(ge=0, le=255, description="Below this mean luma (0..255) a face is too dark.")] = 50.0
    face_luma_max: Annotated[float, Meta(ge=0, le=255, description="Above this mean luma (0..255) a face is too bright.")] = 220.0
    capture_restarts: Annotated[
        int, Meta(ge=0, le=10, description="Attempts of one token that may be given up for a technical reason without counting.")
    ] = 3
    capture_no_light: Annotated[
        bool,
        Meta(description="People may decline flashing colours; such attempts are judged by two gestures or more, and say so."),
    ] = False
    capture_other_gesture: Annotated[bool, Meta(description="People may ask for another gesture than one they cannot do.")] = True
    capture_handoff: Annotated[
        bool | None,
        Meta(description="The page offers to go on with a phone, by QR code and link; empty: where a phone can reach this server."),
    ] = None
    capture_session_s: Annotated[
        int, Meta(ge=0, le=3600, description="Seconds for one try, from the camera's start to the recording's end; 0: no limit.")
    ] = 180
    capture_upload_s: Annotated[
        int, Meta(ge=1, le=3600, description="After that time a recording may still be uploaded for so many seconds; then it timed out.")
    ] = 30
    capture_origins: Annotated[
        tuple[str, ...], Meta(description="Web origins that may call the capture endpoints from a browser (CORS); none by default.")
    ] = ()
    embed_origins: Annotated[
        tuple[str, ...],
        Meta(description="Web origins that may show the hosted page in a frame (frame-ancestors); none by default."),
    ] = ()

    brand_name: branding.Name = ""
    brand_logo: branding.LogoFile = ""
    brand_color: branding.Colour = ""
    brand_purpose: branding.Purpose = ""
    brand_kept: branding.Kept = ""
    brand_privacy_url: branding.PrivacyAddress = ""
    brand_terms_url: branding.TermsAddress = ""
    brand_support: branding.Support = ""
    brand_consent: branding.Consents = {}

    demo: Annotated[
        bool | None,
        Meta(
            description="The start page opens sandbox sessions without a key, for browsers that opened the link which the server prints"
            " after `ready`; empty: where the server listens for this machine alone and public_url names no other."
        ),
    ] = None

    docs: Annotated[bool, Meta(description="Serve the documentation under /docs, and /llms.txt.")] = True

    pass_similarity: Annotated[float, Meta(ge=0, le=100, description="Similarity from which two faces count as one person.")] = 70.0

    workers: Annotated[int, Meta(ge=1, description="Engine processes that judge attempts.")] = max(1, min(4, os.cpu_count() or 1))
    judge_timeout_s: Annotated[float, Meta(gt=0, description="A judgement that takes longer is stopped and counts as an engine error.")] = (
        60.0
    )
    shutdown_grace_s: Annotated[float, Meta(ge=0, description="How long a stopping server lets calls and judgements finish.")] = 20.0
    models: Annotated[Path | None, Meta(description="Folder of weight files; empty: share/openekyc/models of this Python.")] = None
    silent_model: Annotated[
        Path | None,
        Meta(description="Description (TOML) of a passive network of your own, a further cue that can only refuse; empty: none."),
    ] = None
    metrics: Annotated[
        str,
        Meta(
            pattern="^(token|open|off)$",
            description="Who is answered at /metrics: token (whoever sends what metrics.token in the home folder holds), open"
            " (everybody) or off.",
        ),
    ] = "token"
    disk_free_min_bytes: Annotated[
        int,
        Meta(
            ge=0, description="With less free space than that in the home folder /readyz says that the server is not ready; 0: not watched."
        ),
    ] = 100_000_000
    log_level: Annotated[str, Meta(pattern="^(debug|info|warning|error)$", description="debug, info, warning or error.")] = "info"
    log_json: Annotated[bool, Meta(description="Log lines as JSON; otherwise for reading.")] = True

    @property
    def local_only(self) -> bool:
        """Whether nobody but this machine is meant to reach the server: it listens there, and no other address is given out."""
        return is_loopback(self.host) and (not self.public_url or is_loopback(urlsplit(self.public_url).hostname or ""))

    @property
    def signed_hosts(self) -> tuple[str, ...]:
        """Host names that a signature may name whatever Host a proxy sends on."""
        return (*names_of(self.public_url), *self.public_hosts)

    @property
    def models_folder(self) -> Path:
        """Where the weight files lie."""
        return self.models or Path(sys.prefix) / "share" / "openekyc" / "models"


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:  # how a socket of both families names IPv4
        return address.ipv4_mapped.is_loopback
    return address.is_loopback
