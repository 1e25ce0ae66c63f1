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
