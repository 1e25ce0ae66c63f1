import { describe, expect, it } from "vitest";
import type { View } from "../src/capture.ts";
import { isolate, plain } from "../src/element/asked.ts";
import { words } from "../src/element/words.ts";
import { LANGUAGES, type Language } from "../src/language.ts";
import { load, translator } from "../src/locale.ts";
import { NO_BRAND } from "../src/messages.ts";

describe("while the camera is opened", () => {
  it.each([
    [false, "Allow the camera"],
    [true, "One moment…"],
  ])("allowed for good: %s", (allowed, title) => {
    expect(words({ state: "camera_ask", allowed, brand: NO_BRAND } as View, translator()).title).toBe(title);
  });
});

describe("who sent the person here", () => {
  const told = (state: string, name: string, t = translator()): string =>
    words({ state, card: {}, brand: { ...NO_BRAND, name } } as View, t).text;

  it("is the service, or the company that asks", () => {
    expect(told("expired", "")).toBe("Go back to the service that sent you here and start again.");
    expect(told("expired", "Acme")).toBe(`Go back to ${isolate("Acme")} and start again.`);
    expect(plain(told("failed", "Acme"))).toBe("There are no tries left. Go back to Acme.");
  });

  it.each(Object.keys(LANGUAGES) as Language[])("is named in %s, and nothing is left open", async (language) => {
    const t = translator(await load(language));
    for (const state of ["failed", "expired"]) {
      expect(told(state, "", t)).not.toMatch(/[{}\u2068]/);
      expect(told(state, "Acme {service}", t)).toContain(isolate("Acme {service}"));
    }
  });
});

describe("a document that is not accepted", () => {
  const t = translator();
  const card = { again: true, side: "front", reasons: ["not_accepted"], refused: false };
  const view = (changes: object): View =>
    ({ brand: NO_BRAND, opened: { document: { kind: "HK", sides: ["front"] } }, card, ...changes }) as View;

  it("is told the same whatever the reason, and never to find more light", () => {
    const again = words(view({ state: "document_intro" }), t);
    const unlike = words(view({ state: "retry", outcome: { hint: "document_not_accepted" } }), t);
    const end = words(view({ state: "failed", card: { ...card, refused: true } }), t);
    expect(unlike).toEqual(again);
    expect([end.title, end.text.startsWith(again.text)]).toEqual([again.title, true]);
  });

  it.each(Object.keys(LANGUAGES) as Language[])("has its own words in %s", async (language) => {
    const own = translator(await load(language));
    const { title, text } = words(view({ state: "document_intro" }), own);
    expect([title, text]).toEqual([own("refused.title"), own("card_hint.not_accepted")]);
    if (language !== "en") expect([title, text]).not.toContain(t("refused.title"));
  });
});

describe("a link that leads nowhere", () => {
  it.each([
    ["expired", "token_unknown", "unknown.title"],
    ["expired", "token_missing", "unknown.title"],
    ["expired", "token_expired", "expired.title"],
    ["passed", "session_finished", "used.title"],
    ["passed", "", "passed.title"],
  ] as const)("%s after %s says so", (state, problem, id) => {
    expect(words({ state, problem, card: {}, brand: NO_BRAND } as View, translator()).title).toBe(translator()(id));
  });
});
