"""Why a download or a write failed, as a cause and a remedy, read from what pip or npm said.

Standard library only: tools/setup.py uses this before anything is installed. Nothing here repeats credentials of a proxy or a mirror.
"""

import errno
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "PIP_PROXY", "NPM_CONFIG_HTTPS_PROXY", "NPM_CONFIG_PROXY")
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
NO_RIGHT = {errno.EACCES, errno.EPERM, errno.EROFS}
AGAIN = "Then give the same command again: it goes on from here."
FEW_BYTES = 20_000_000  # with less room than this a failure that explains itself in no other way is the disk's
LONGEST = 300  # characters of somebody else's words


@dataclass(frozen=True)
class Cause:
    """`passing`: the same command may succeed a moment later."""

    cause: str
    remedy: str
    passing: bool = False


@dataclass(frozen=True)
class _Kind:
    pattern: str
    cause: str
    remedy: str
    passing: bool = False


# The first that fits counts: a client that cannot reach its registry ends by saying that the package does not exist. `{host}` is the
# host named in the text, `{disk}`, `{network}` and `{certificates}` are the sentences below.
_KINDS = (
    _Kind(r"no space left on device|\bENOSPC\b|errno 28\b|disk quota exceeded|\bEDQUOT\b", "The disk is full.", "{disk}"),
    _Kind(r"no usable temporary directory", "No temporary file can be made: the disk is full or may not be written.", "{disk}"),
    _Kind(r"file too large|\bEFBIG\b|errno 27\b", "A file became larger than this system allows (ulimit -f).", "Raise the limit. {again}"),
    _Kind(r"missing dependencies for socks", "pip cannot use a SOCKS proxy.", "Name an HTTP proxy in HTTPS_PROXY. {proxies} {again}"),
    _Kind(
        r"proxyerror|cannot connect to proxy|tunnel connection failed|tunneling socket|\b407\b|proxy authentication",
        "The proxy refuses or cannot be reached.",
        "{network}",
    ),
    _Kind(
        r"certificate.?verify.?failed|self.?signed.?cert|unable.?to.?(verify|get).?(the.?first|leaf|local|issuer)|depth_zero_self|sslerror",
        "The certificate of {host} is not trusted.",
        "{certificates}",
    ),
    _Kind(
        r"name resolution|name or service not known|nodename nor servname|\bENOTFOUND\b|\bEAI_AGAIN\b|getaddrinfo",
        "The name of {host} cannot be resolved.",
        "{network}",
        passing=True,
    ),
    _Kind(
        r"timed.?out|readtimeout|\bETIMEDOUT\b|socket.?timeout|connecttimeout", "{host} did not answer in time.", "{network}", passing=True
    ),
    _Kind(
        r"connection broken: |incompleteread|incomplete read|\bECONNRESET\b|connection reset|remotedisconnected|premature close"
        r"|do not match the hashes|\bEINTEGRITY\b|\b50[0234] (server error|bad gateway|service)|\bE50[0234]\b",
        "The connection to {host} broke.",
        "{network}",
        passing=True,
    ),
    _Kind(
        r"connection refused|\bECONNREFUSED\b|network is unreachable|\bENETUNREACH\b|no route to host|\bEHOSTUNREACH\b|failed to establish",
        "{host} cannot be reached.",
        "{network}",
    ),
    _Kind(
        r"not a trusted or secure host",
        "pip ignores {host}, since it has no TLS.",
        "Use its https address, or name it in PIP_TRUSTED_HOST if you trust the whole way to it. {again}",
    ),
    _Kind(
        r"\b40[13] client error|\bE40[13]\b|401 unauthorized|403 forbidden|user for .*:",
        "{host} refuses: it wants credentials, or does not give this package.",
        "Check the credentials in your pip and npm configuration (`pip config list`, `npm config list`). {again}",
    ),
    _Kind(
        r"permission denied|\bEACCES\b|\bEPERM\b|read-only file system|\bEROFS\b",
        "A file or folder may not be written: {line}",
        "Run as the owner of the folder, or use a folder of your own. {again}",
    ),
    _Kind(
        r"requires a different python|requires-python",
        "A package does not support this Python: {line}",
        "Use another Python: `make run PYTHON=/path/to/python3.11`.",
    ),
    _Kind(
        r"no matching distribution|could not find a version|\bE404\b|\bETARGET\b|\bnotarget\b|404 client error",
        "The registry does not offer what is needed for this Python and this processor: {line}",
        "Check the index that pip uses (PIP_INDEX_URL), and that docs/start/set-up.md names your Python and your system. {again}",
    ),
    _Kind(
        r"failed building wheel|failed to build|command '?(gcc|cc|clang)|metadata-generation-failed",
        "A package has no ready-made build for this machine and could not be compiled: {line}",
        "Use a Python and a system that docs/start/set-up.md names.",
    ),
    _Kind(r"memoryerror|\bENOMEM\b|cannot allocate memory|heap out of memory", "The memory is used up.", "Free some memory. {again}"),
)


def explain(lines: Iterable[str], environ: Mapping[str, str] | None = None, *folders: Path) -> Cause:
    """What a client's output says about its failure. `folders` are where it wrote."""
    environ = os.environ if environ is None else environ
    said = [line.strip() for line in lines if line.strip()]
    text = "\n".join(said)
    for kind in _KINDS:
        if re.search(kind.pattern, text, re.IGNORECASE):
            line = next((line for line in reversed(said) if re.search(kind.pattern, line, re.IGNORECASE)), "")
            words = {"line": _short(line), "host": _host(text), "again": AGAIN, "disk": disk_remedy(*folders)}
            words |= {"network": _network(environ), "proxies": _sentence(environ), "certificates": _certificates()}
            cause, remedy = (_filled(part, words, environ) for part in (kind.cause, kind.remedy))
            return Cause(re.sub("^the ", "The ", cause), remedy, kind.passing)
    if folders and _room(*folders)[0] < FEW_BYTES:
        return Cause("The disk is full.", disk_remedy(*folders))
    errors = [line for line in said if "error" in line.lower()] or said or ["it said nothing"]
    return Cause(f"It ended with: {scrubbed(_short(errors[-1]), environ)}", f"The whole output tells more. {AGAIN}")


def of_error(error: OSError, folder: Path) -> Cause:
    """The same for a write of our own."""
    if error.errno in FULL:
        return Cause(f"The disk is full: {folder} cannot be written.", disk_remedy(folder))
    if error.errno in NO_RIGHT:
        return Cause(f"{folder} cannot be written: {error.strerror}.", f"Run as its owner, or use a folder of your own. {AGAIN}")
    return Cause(f"{folder} cannot be written: {error.strerror or error}.", f"Check the disk. {AGAIN}")


def disk_remedy(*folders: Path) -> str:
    """What to do about a full disk, with the room that is left where there is least of it."""
    if not folders:
        return f"Make room. {AGAIN}"
    free, folder = _room(*folders)
    return f"Make room on the disk of {folder} ({free / 1e6:.0f} MB are free). {AGAIN}"


def _room(*folders: Path) -> tuple[int, Path]:
    """The least room, in bytes, and the folder that has it."""
    there = [next((path for path in (folder, *folder.parents) if path.is_dir()), Path.cwd()) for folder in folders]
    return min((shutil.disk_usage(path).free, folder) for path, folder in zip(there, folders, strict=True))


def proxies(environ: Mapping[str, str]) -> dict[str, str]:
    """The proxy variables that are set, with host and port alone."""
    return {name: _place(value) for name, value in environ.items() if name.upper() in PROXIES and value}


def _place(proxy: str) -> str:
    """HOST:PORT. What stands before the last @ are credentials, whatever characters are in them."""
    return proxy.rpartition("@")[2].rpartition("://")[2].split("/")[0]


def scrubbed(text: str, environ: Mapping[str, str] | None = None) -> str:
    """The text without credentials: none in URLs, none of those in the proxy variables."""
    for name, value in (os.environ if environ is None else environ).items():
        if name.upper() in PROXIES and "@" in value:
            text = text.replace(value.rpartition("@")[0].rpartition("://")[2], "***")
    return re.sub(r"(://)[^/\s'\"]*@", r"\1***@", text)


def _filled(text: str, words: Mapping[str, str], environ: Mapping[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", scrubbed(word, environ))
    return text


def _network(environ: Mapping[str, str]) -> str:
    mirrors = "a mirror is named by PIP_INDEX_URL and npm_config_registry"
    if set_ := proxies(environ):
        return f"Check the network and the proxy: {_named(set_)}; {mirrors}. {AGAIN}"
    return f"Check the network. No proxy variable is set: behind a proxy set HTTPS_PROXY=http://HOST:PORT; {mirrors}. {AGAIN}"


def _sentence(environ: Mapping[str, str]) -> str:
    set_ = proxies(environ)
    return f"Set are: {_named(set_)}." if set_ else "No proxy variable is set."


def _named(set_: Mapping[str, str]) -> str:
    return ", ".join(f"{name} names {host}" for name, host in set_.items())


def _certificates() -> str:
    return f"If your network opens TLS with a certificate of its own, name its file in PIP_CERT and NODE_EXTRA_CA_CERTS. {AGAIN}"


def _host(text: str) -> str:
    """The host that a client named, or a word for it."""
    for pattern in (r"host='([^'\s]+)', port=(\d+)", r"https?://(?:[^/\s'\"@]*@)?([\w.\-\[\]:]+)", r"(?:ENOTFOUND|EAI_AGAIN) ([\w.\-]+)"):
        if found := re.search(pattern, text):
            return ":".join(part for part in found.groups() if part)
    return "the package registry"


def _short(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} ..."
