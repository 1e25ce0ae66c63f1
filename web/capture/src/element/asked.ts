/** Who asks for what, and what is agreed to: the same lines are shown and sent. Pure. */

import type { View } from "../capture.ts";
import type { MessageId, Translate } from "../locale.ts";
import type { Brand, Opened } from "../messages.ts";

/** A piece of the first screen. A line with an `url` is a link. */
export interface Line {
  about: "who" | "purpose" | "kept" | "privacy" | "terms" | "support" | "consent";
  text: string;
  url: string;
  own: boolean; // the operator's own consent text, as long as they like
}

/** Everything the first screen says about who asks, in the order in which it stands there; the consent is left out where none is asked. */
export function asked({ brand, opened }: Pick<View, "brand" | "opened">, t: Translate, language: string): Line[] {
  const consent = opened && !opened.page.skip_consent ? ownConsent(brand, language) || t(consentId(opened)) : "";
  const lines: Line[] = [
    line("who", who(brand, t)),
    line("purpose", brand.purpose && t("intro.purpose", { purpose: isolate(brand.purpose) })),
    line("kept", brand.kept && t("intro.kept", { kept: isolate(brand.kept) })),
    line("privacy", t("intro.privacy"), brand.privacy_url),
    line("terms", t("intro.terms"), brand.terms_url),
    line("support", t("support"), brand.support),
    { ...line("consent", consent), own: Boolean(ownConsent(brand, language)) },
  ];
  return lines.filter(({ about, text, url }) => text && (url || !LINKS.includes(about)));
}

const LINKS: readonly Line["about"][] = ["privacy", "terms", "support"];

/** What is kept of these lines when the person agrees: each as it stands on the screen, links with their addresses. */
export function agreedText(lines: readonly Line[]): string {
  return lines.map(({ text, url }) => plain(url ? `${text} <${url}>` : text)).join("\n");
}

/** Where to get help, with the address: for the end of a journey. */
export function support(brand: Brand, t: Translate): Line {
  const [, address = ""] = /^(?:mailto|tel):([^?]+)/.exec(brand.support) ?? [];
  return line("support", address ? t("support.at", { address: isolate(address) }) : t("support"), brand.support);
}

/** "Acme asks you ..."; "" where nobody is named. */
export function who({ name }: Brand, t: Translate): string {
  return name && t("intro.asks", { name: isolate(name) });
}

/** The company inside a sentence; the service that sent the person here where nobody is named. */
export function service({ name }: Brand, t: Translate): string {
  return name ? t("service.named", { name: isolate(name) }) : t("service");
}

const ON_BUTTON = 40; // characters of a name

/** The same on a button, where a long name would take the screen. */
export function serviceShort(brand: Brand, t: Translate): string {
  return brand.name && brand.name.length <= ON_BUTTON ? service(brand, t) : t("service.short");
}

function ownConsent(brand: Brand, language: string): string {
  return brand.consent[language]?.trim() ?? "";
}

function consentId({ document, liveness }: Opened): MessageId {
  return !document ? "intro.consent" : liveness ? "intro.both.consent" : "intro.document.consent";
}

function line(about: Line["about"], text: string, url = ""): Line {
  return { about, text, url, own: false };
}

// --- foreign pieces inside a sentence: a name may run the other way than the text around it -----------------------------

const MARKS = /[\u202a-\u202e\u2066-\u2069]/g; // everything that turns the direction
const [OPEN, CLOSE] = ["\u2068", "\u2069"];

/** `text` marked so that its direction does not spill over. */
export function isolate(text: string): string {
  return OPEN + text.replace(MARKS, "") + CLOSE;
}

/** Without the marks. */
export function plain(text: string): string {
  return text.replace(MARKS, "");
}

/** Cut at the marks: every second piece is a foreign one. */
export function pieces(text: string): string[] {
  return text.split(/[\u2068\u2069]/).map(plain);
}
