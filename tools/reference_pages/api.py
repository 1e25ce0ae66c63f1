"""The page of what holds for every action."""

from openekyc.api.registry import Registry
from openekyc.settings import Settings
from openekyc.wire import call, limits
from tools.reference_pages import codes
from tools.reference_pages.text import bullets, page

INTRO = f"""openekyc speaks the TencentCloud API 3.0 dialect of `faceid`, version `{call.VERSION}`, on one path, `/`. Stock SDKs need a new
endpoint, SecretId and SecretKey, and nothing else. The [actions](actions/index.md) have a page each."""

ACCEPTED = """| what | accepted |
| --- | --- |
| signature v3 | `TC3-HMAC-SHA256`: POST JSON, POST multipart/form-data, GET; `UNSIGNED-PAYLOAD` (a setting asks for TLS with it) |
| signature v1 | `HmacSHA1` (also when SignatureMethod is absent) and `HmacSHA256`: POST form, GET |
| signed host | {hosts} |
| scope service | `faceid`, or the endpoint's part before its first dot |
| header values | as sent, or lower-cased |
| clock | within {window} s of the server's, either way |
| temporary keys | with their session token in X-TC-Token / Token; `openekyc keys issue --ttl` makes them |
| Nonce | an integer up to 2^63-1 |
| regions | {regions} (setting `regions`) |
| languages of messages | `en-US`, `zh-CN` |
| v3 body | {json:,} bytes |
| v1 body | {form:,} bytes |
| GET query | {query:,} bytes |
| rate | {rate} calls per account and action within a moving second |
| JSON types | strict; integers are signed 64-bit |"""

HOSTS = "the Host header as received, without its port, the host of `public_url` with or without its port, or one of `public_hosts`"

ANSWERS = [
    "Every answer to a call has HTTP status 200 and `Content-Type: application/json`.",
    "`RequestId` is in every answer. The server's log names it.",
    "An error holds `Error.Code`, `Error.Message` and `RequestId`, and nothing else. Programs go by the code, never by the message.",
    "A message ends with a link to its code on [the page of codes](codes.md): under `public_url`, or as a path on the server.",
    "A verification that failed is no error: the result action answers with a result code other than 0.",
]

SILENT = [
    "A session that is not finished is no error either: the result is -999, or 17 for the hosted page, and media are empty.",
    "A repeated Nonce is not refused, unless `refuse_repeated_signatures` is on.",
    "A session token that comes with a permanent key is refused with `AuthFailure.TokenFailure`.",
    "A disabled key is answered as an unknown one. Temporary keys, open tokens and media links that came from it end with it within two "
    "seconds, unless it was disabled with `--keep-tokens`. Results stay: they belong to the account.",
    "Calls that are refused for their parameters count for the rate. Calls with a wrong signature do not.",
    "`null` counts as absent. Of repeated names in JSON the last wins. `true` is no integer, and neither is `1.0`.",
    "A body that is not one JSON object in UTF-8 is refused with `InvalidParameter`.",
    "A prefix `data:image/...;base64,` before a picture is dropped. Limits apply to the Base64 text.",
    "Media links in results answer without a signature for {link} s from the call that made them.",
    "Pictures are JPEG, PNG, BMP or WebP. They are kept only where the session compares with them.",
]


COVERED = [
    "v3 covers the method, the query, the body, the time, and the headers that the caller names: `content-type` and `host` must be among "
    "them, and stock SDKs name little else. X-TC-Action, X-TC-Version, X-TC-Region, X-TC-Language and X-TC-Token are then unsigned: who "
    "can change a call on its way can send its body to another action of the same account. A caller who names them in SignedHeaders has "
    "them covered.",
    "`UNSIGNED-PAYLOAD` leaves the body open too. The setting `unsigned_payload_needs_tls` refuses it without TLS; TLS that ends at a "
    "proxy counts only if the proxy is one of `trusted_proxies`.",
    "v1 covers every parameter, but by a text that can be read in several ways: names and values are joined by `=` and `&` as they are, so "
    "a value that holds these signs can be cut into other parameters, and `_` in a name may stand for `.`. Do not take v1 calls whose "
    "values strangers choose over plain HTTP.",
    "A call may be sent again for {window} s, as it is, by whoever saw it. The setting `refuse_repeated_signatures` refuses that with "
    "[`AuthFailure.SignatureExpire`](codes.md#authfailuresignatureexpire). It is off: v3 has no Nonce, so two honest identical calls of "
    "one second have one signature, and the second would be refused; v1 calls are told apart by their Nonce. What came is kept in memory: "
    "100,000 at most, and a restart forgets it.",
    "Answers are not signed.",
]
COVERED_END = (
    "All of this needs somebody between the caller and the server. TLS shuts them out: use it for everything that leaves the machine."
)

BEFORE = """\
## What is refused before it is a call?

These answers have an HTTP status and no `Response`; the connection is closed.

| What arrives | Answer |
| --- | --- |
| A request line and headers over 64 kB, or more than 100 fields; chunk extensions and trailers count too | 431 |
| A body in more than 1,024 pieces of less than 32 bytes each | 431 |
| What is no HTTP | 400 |
| More than 4 requests that wait for earlier answers of their connection | none |
| No complete head within 10 s; a body that pauses for 15 s, or comes at less than 2 kB a second after 20 s | none |
| An answer or a stream of which nothing is read for 30 s | none |
| More connections of one address than `connections_per_address`, or than the machine has descriptors for | none |

Between two requests a connection may rest for 75 s. An IPv6 address counts as its /64 network. What was refused is counted in
`openekyc_connections_refused` and logged once a minute. A proxy in front is one address: name it in `trusted_proxies`.

A call's body may not be compressed (`InvalidRequest`), nor hold more than 20,000 of the signs `,`, `{` and `[` (`InvalidParameter`)."""


def render(registry: Registry) -> str:
    """The whole page."""
    defaults = Settings()
    accepted = ACCEPTED.format(
        hosts=HOSTS,
        window=defaults.signature_window_s,
        regions=", ".join(defaults.regions),
        json=limits.JSON_LIMIT,
        form=limits.FORM_LIMIT,
        query=limits.QUERY_LIMIT,
        rate=defaults.rate_per_second,
    )
    return page(
        "The API",
        INTRO,
        "## What is accepted?",
        accepted,
        "## In which order are calls checked?",
        "Method, size, presence of the common parameters, syntax of Authorization, clock, key, session token, signature, Version, Action, "
        "Region, rate, body syntax, unknown parameters, types, required parameters, values, combinations, business rules.",
        "A caller without a valid key learns nothing about actions, tokens or limits.",
        "## What do signatures not cover?",
        bullets(COVERED).format(window=defaults.signature_window_s),
        COVERED_END,
        "## What do answers have in common?",
        bullets(ANSWERS),
        BEFORE,
        "## Which actions are there?",
        bullets([f"[`{action.name}`](actions/{action.name}.md)" for action in registry]),
        f"An action of the original that is not built answers {codes.link('UnsupportedOperation', '')}, a removed one "
        f"{codes.link('ActionOffline', '')}, any other name {codes.link('InvalidAction', '')}.",
        "## What was decided where the vendor is silent?",
        bullets(SILENT).format(link=defaults.link_seconds),
        "## Which errors can every call answer?",
        bullets([f"{codes.link(code, '')} {codes.message(code)}" for code in codes.common()]),
    )
