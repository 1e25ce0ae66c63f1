"""Debian's Firefox, spoken to by WebDriver BiDi: Playwright drives only a Firefox of its own, and this way no other program is needed.

It gets a screen of its own, since without one Firefox has no WebGL and the page's tracker nothing to look with. All that the page does
comes as events, so everything here waits for one and nothing looks again and again.
"""

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect

from tests.browser.guard import OWN_SCHEMES, POLICY, REPORTER
from tests.browser.people import ENDS
from tests.browser.subject import SCRIPT, WORKER

FIREFOX, SCREEN = shutil.which("firefox-esr") or shutil.which("firefox"), shutil.which("Xvfb")
# The remote agent turns off most of what Firefox asks the world by itself; a proxy that is not there stops the rest. Loopback needs none.
PREFS = {
    "network.proxy.type": 1,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_port": 9,
    "network.dns.disabled": True,
    "webgl.force-enabled": True,  # drawn on the CPU
}
EVENTS = ["log.entryAdded", "network.beforeRequestSent"]
SIZE = {"width": 390, "height": 780}
ANSWER_S = 60.0
TOLD = "state: "
WATCH = f"""() => {{ {REPORTER}
  addEventListener("openekyc-state", (event) => console.info("{TOLD}" + event.detail.state)); }}"""
BUTTON = """(name) => new Promise((resolve) => {
  const root = document.querySelector("openekyc-capture, openekyc-start").shadowRoot;
  const look = () => {
    const found = [...root.querySelectorAll("button:enabled")].find((button) => button.textContent.trim() === name);
    if (!found) return;
    found.scrollIntoView({ block: "center" });
    resolve(found);
  };
  new MutationObserver(look).observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
  look();
})"""


@contextmanager
def screen() -> Iterator[str]:
    """A display of its own; its name."""
    number, told = os.pipe()
    with subprocess.Popen([str(SCREEN), "-displayfd", str(told)], pass_fds=[told], stderr=subprocess.DEVNULL) as process:
        os.close(told)
        try:
            with os.fdopen(number) as line:
                yield f":{line.readline().strip()}"
        finally:
            process.terminate()


@contextmanager
def started(profile: Path) -> Iterator["Firefox"]:
    """A Firefox that keeps what it knows in `profile`, a folder that is not there yet."""
    profile.mkdir()
    (profile / "user.js").write_text("".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFS.items()))
    command = [str(FIREFOX), "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with (
        screen() as display,
        subprocess.Popen(
            command, env={**os.environ, "DISPLAY": display}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process,
    ):
        try:
            assert process.stderr
            address = next((line.split()[-1] for line in process.stderr if "BiDi listening on" in line), "")
            assert address, "Firefox did not start"
            threading.Thread(target=process.stderr.read, daemon=True).start()  # or it waits when the pipe is full
            with connect(f"{address}/session", max_size=None, proxy=None) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()
            process.wait(30)


class Firefox:
    """One window. `faults`: what no page may do, as `Guard` says it, and errors on the console."""

    def __init__(self, socket: ClientConnection) -> None:
        self.faults: list[str] = []
        self._socket = socket
        self._states: list[str] = []
        self._home = ""
        self._sent = 0
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=EVENTS)
        self._tab = self.call("browsingContext.create", type="tab")["context"]
        self.call("browsingContext.setViewport", context=self._tab, viewport=SIZE)
        self.call("script.addPreloadScript", functionDeclaration=WATCH)

    def stand_before(self, subject: str, **knobs: Any) -> None:
        """The camera of every page is the subject. Knobs as in `subject.js`."""
        script = f"() => {{ {SCRIPT.read_text()}\ninstallSubject({subject}, {json.dumps(knobs)}); }}"
        self.call("script.addPreloadScript", functionDeclaration=script)
        self.call("network.addIntercept", phases=["beforeRequestSent"], urlPatterns=[{"type": "pattern", "pathname": f"/{WORKER.name}"}])

    # --- what people do -------------------------------------------------------------------------------------------------

    def open(self, address: str) -> None:
        """Follow a link."""
        self._home = urlsplit(address).netloc
        self.call("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def press(self, name: str) -> None:
        """Press the button with this name as soon as there is one."""
        onto = {"type": "element", "element": {"sharedId": self.evaluate(BUTTON, name)["sharedId"]}}
        move = {"type": "pointerMove", "x": 0, "y": 0, "origin": onto}
        press = [move, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self.call("input.performActions", context=self._tab, actions=[{"type": "pointer", "id": "mouse", "actions": press}])

    def reach(self, wanted: str, timeout_s: float) -> None:
        """Wait until the component is in the state `wanted`; any end ends it."""
        self._listen(lambda _: {wanted, *ENDS} & {*self._states}, timeout_s)
        assert wanted in self._states, f"{self._states} instead of {wanted}"
        self._states = []

    # --- what the browser says ------------------------------------------------------------------------------------------

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask the browser; what it answers."""
        asked = self._send(method, params)
        answer = self._listen(lambda message: message.get("id") == asked, ANSWER_S)
        assert answer["type"] == "success", answer
        return dict(answer["result"])

    def evaluate(self, function: str, *arguments: str) -> dict[str, Any]:
        """What a function of the page gives, as BiDi describes it."""
        given = [{"type": "string", "value": argument} for argument in arguments]
        target = {"context": self._tab}
        answer = self.call("script.callFunction", functionDeclaration=function, arguments=given, target=target, awaitPromise=True)
        assert answer["type"] == "success", answer
        return dict(answer["result"])

    def _send(self, method: str, params: dict[str, Any]) -> int:
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": params}))
        return self._sent

    def _listen(self, enough: Callable[[dict[str, Any]], Any], timeout_s: float) -> dict[str, Any]:
        until = time.monotonic() + timeout_s
        message: dict[str, Any] = {}
        while not enough(message):
            message = json.loads(self._socket.recv(timeout=max(0.0, until - time.monotonic())))
            if message.get("method") == "log.entryAdded":
                self._log(message["params"]["level"], str(message["params"]["text"]))
            elif message.get("method") == "network.beforeRequestSent":
                self._request(message["params"]["request"], message["params"]["isBlocked"])
        return message

    def _log(self, level: str, text: str) -> None:
        print(f"console {level}: {text}")
        if text.startswith(TOLD):
            self._states.append(text.removeprefix(TOLD))
        elif POLICY in text or (level == "error" and not text.startswith("INFO: ")):  # the tracker's library says all it says as errors
            self.faults.append(text)

    def _request(self, request: dict[str, Any], blocked: bool) -> None:
        address = urlsplit(request["url"])
        if address.scheme not in OWN_SCHEMES and address.netloc != self._home:
            self.faults.append(f"asked another host: {request['url']}")
        if blocked:  # the one address that `stand_before` names
            kind = {"name": "Content-Type", "value": {"type": "string", "value": "text/javascript"}}
            body = {"type": "string", "value": WORKER.read_text()}
            self._send("network.provideResponse", {"request": request["request"], "statusCode": 200, "headers": [kind], "body": body})
