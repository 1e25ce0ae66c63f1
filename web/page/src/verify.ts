/** The hosted page: the component over the whole window, for the token in the address. */

import "../../capture/src/element/define.ts";
import type { OpenekycCapture } from "../../capture/src/element/element.ts";
import { Transport } from "../../capture/src/transport.ts";
import { Embedding } from "./embedding.ts";
import { tabMemory, takeToken } from "./token.ts";

const query = new URLSearchParams(location.search);
const embedded = query.has("embed") && window.parent !== window;
const token = takeToken((code) => new Transport({ base: "", token: "" }).takeOver(code));
const element = document.createElement("openekyc-capture");
element.memory = tabMemory();
element.language = query.get("lang") ?? "";
const theme = query.get("theme");
if (theme === "light" || theme === "dark") element.theme = theme;
// Without a token the server's refusal leads to the screen that says so.
void token.then((known) => {
  element.token = known || "none";
});

element.addEventListener("openekyc-language", (event) => {
  const { language, direction } = (event as CustomEvent<{ language: string; direction: string }>).detail;
  document.documentElement.lang = language;
  document.documentElement.dir = direction;
  document.title = element.t("label");
});

element.finishes = embedded;
if (embedded) new Embedding(element);
else
  element.addEventListener("openekyc-finish", (event) =>
    leave(element, (event as CustomEvent<{ redirectUrl: string }>).detail.redirectUrl),
  );

const main = document.createElement("main");
main.append(element);
document.body.append(main);

function leave(capture: OpenekycCapture, address: string): void {
  tabMemory().set("token", null);
  if (address) return location.replace(address);
  // Nowhere to go, and the integrator wants no last screen.
  const text = Object.assign(document.createElement("p"), { textContent: capture.t("end.close"), className: "gone" });
  capture.replaceWith(text);
}
