"""Real proxies on loopback ports, set up by the very files that the how-to pages show: only names, ports and paths are replaced."""

import datetime
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOW_TO = Path(__file__).parent.parent / "docs" / "how-to"
NAME, DOCUMENTED = "localhost", "ekyc.example.com"
START_S = 30
SHORTEST = (
    "server {{ listen {port} ssl; ssl_certificate {cert}; ssl_certificate_key {key}; location / {{ proxy_pass http://{upstream}; }} }}"
)


def missing() -> str:
    """What the tests of proxies need and this machine lacks."""
    lacking = [name for name in ("nginx", "caddy") if not program(name)]
    return f"no {' and no '.join(lacking)} on PATH: tools/system_packages.sh installs them" if lacking else ""


def program(name: str) -> str | None:
    """Where it is; Debian keeps nginx where only root's PATH leads."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for `localhost`, and its key."""

    cert: Path
    key: Path


def self_signed(folder: Path) -> Certificate:
    """Made on the spot, valid for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    found = Certificate(folder / "cert.pem", folder / "key.pem")
    found.cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    found.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return found


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on just now."""
    with ExitStack() as stack:
        socks = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [sock.getsockname()[1] for sock in socks]


@contextmanager
def nginx(folder: Path, ports: list[int], upstream: str, certificate: Certificate) -> Iterator[None]:
    """nginx by the how-to's file at `ports[0]`, its plain server at `ports[1]`, and at `ports[2]` the shortest configuration there is."""
    site = (HOW_TO / "nginx.conf").read_text().replace(f"/etc/letsencrypt/live/{DOCUMENTED}/fullchain.pem", str(certificate.cert))
    site = site.replace(f"/etc/letsencrypt/live/{DOCUMENTED}/privkey.pem", str(certificate.key)).replace("/var/log/nginx/", f"{folder}/")
    site = site.replace("127.0.0.1:8080", upstream).replace(DOCUMENTED, NAME)
    site = re.sub(r"listen (\[::\]:)?443 ", rf"listen \g<1>{ports[0]} ", site)
    site = re.sub(r"listen (\[::\]:)?80;", rf"listen \g<1>{ports[1]};", site)
    if not _has_ipv6():
        site = re.sub(r".*\[::\].*\n", "", site)
    (folder / "site.conf").write_text(site)
    shortest = SHORTEST.format(port=ports[2], cert=certificate.cert, key=certificate.key, upstream=upstream)
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    own = f"{temporary}access_log off;\ninclude {folder}/site.conf;\n{shortest}"
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(f"{user}\npid {folder}/pid;\ndaemon off;\nworker_processes 1;\nevents {{}}\nhttp {{\n{own}\n}}\n")
    command = [str(program("nginx")), "-p", str(folder), "-e", str(folder / "start.log"), "-c", str(folder / "nginx.conf")]
    with _running(command, folder / "nginx.out", ports):
        yield


@contextmanager
def caddy(folder: Path, ports: list[int], upstream: str, certificate: Certificate) -> Iterator[None]:
    """Caddy by the how-to's file at `ports[0]`, redirecting from `ports[1]`."""
    site = (HOW_TO / "Caddyfile").read_text().replace("/var/log/caddy/", f"{folder}/").replace("127.0.0.1:8080", upstream)
    site = site.replace("\n{\n", f"\n{{\n\tadmin off\n\tskip_install_trust\n\thttp_port {ports[1]}\n\thttps_port {ports[0]}\n", 1)
    site = site.replace(f"\n{DOCUMENTED} {{\n", f"\n{NAME}:{ports[0]} {{\n\ttls {certificate.cert} {certificate.key}\n")
    (folder / "Caddyfile").write_text(site)
    command = [str(program("caddy")), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    homes = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(folder))
    with _running(command, folder / "caddy.out", ports[:1], **homes):
        yield


def trusting(certificate: Certificate) -> ssl.SSLContext:
    """For clients: TLS that trusts nobody but this certificate."""
    return ssl.create_default_context(cafile=str(certificate.cert))


def everything_in(folder: Path) -> str:
    """What the proxies wrote: access logs, error logs, their output."""
    return "\n".join(path.read_text("utf-8", "replace") for path in sorted(folder.rglob("*")) if path.suffix in (".log", ".out"))


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@contextmanager
def _running(command: list[str], output: Path, ports: list[int], **environ: str) -> Iterator[None]:
    with output.open("wb") as out:
        process = subprocess.Popen(command, env=os.environ | environ, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        for port in ports:
            _wait_accepts(port, process, output)
        yield
    finally:
        process.terminate()
        process.wait(timeout=START_S)


def _wait_accepts(port: int, process: subprocess.Popen[bytes], output: Path) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{process.args} does not listen on {port}:\n{output.read_text()}") from None
            time.sleep(0.05)
        else:
            return
