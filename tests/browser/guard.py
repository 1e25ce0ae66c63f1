"""What no page may do, whatever the journey: ask another host, break its own policy, or throw."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request

OWN_SCHEMES = ("data", "blob", "about")
REPORTER = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error("Content Security Policy violation: " + event.violatedDirective + " " + event.blockedURI));"""
POLICY = "Content Security Policy"


class Guard:
    """Listens to everything one context does. `elsewhere`: addresses of the integrator that a journey ends at or is framed by."""

    def __init__(self, context: BrowserContext, elsewhere: tuple[str, ...] = ()) -> None:
        self.asked: list[str] = []
        self.faults: list[str] = []
        self._elsewhere = elsewhere
        self._home: str | None = None
        context.add_init_script(REPORTER)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"thrown: {error.error}"))

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        self.asked.append(request.url)
        if address.scheme in OWN_SCHEMES or any(request.url.startswith(other) for other in self._elsewhere):
            return
        self._home = self._home or address.netloc
        if address.netloc != self._home:
            self.faults.append(f"asked another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        print(f"console {message.type}: {message.text}")
        if POLICY in message.text:
            self.faults.append(message.text)
