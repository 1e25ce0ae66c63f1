import { describe, expect, it } from "vitest";
import { agreedText, asked, isolate, type Line, pieces, plain, service, serviceShort, support } from "../src/element/asked.ts";
import { LANGUAGES, type Language } from "../src/language.ts";
import { load, translator } from "../src/locale.ts";
import { type Brand, complete, NO_BRAND, type Opened } from "../src/messages.ts";

const t = translator();
const opened = (page: Partial<Opened["page"]> = {}, more: Partial<Opened> = {}): Opened =>
  complete({ state: "waiting", ...more, page: page as Opened["page"] } as never);
const FULL: Brand = {
  ...NO_BRAND,
  name: "Acme",
  purpose: "To open your account.",
  kept: "30 days",
  privacy_url: "https://acme.example/privacy",
  terms_url: "https://acme.example/terms",
  support: "mailto:help@acme.example?subject=check",
  consent: { en: " I agree.\nReally. " },
};
const lines = (brand: Partial<Brand>, language = "en", about = opened()): Line[] =>
  asked({ brand: { ...NO_BRAND, ...brand }, opened: about }, t, language);

describe("what stands on the first screen", () => {
  it("is the page's own consent where nothing is set", () => {
    expect(agreedText(lines({}))).toBe(t("intro.consent"));
  });

  it("is everything that is set, line by line, links with their addresses", () => {
    expect(agreedText(lines(FULL))).toBe(
      [
        "Acme asks you to confirm your identity.",
        "Purpose: To open your account.",
        "How long your data are kept: 30 days",
        "Privacy policy <https://acme.example/privacy>",
        "Terms <https://acme.example/terms>",
        "Get help <mailto:help@acme.example?subject=check>",
        "I agree.",
        "Really.",
      ].join("\n"),
    );
  });

  it("falls back to the page's own consent in a language without an own text", () => {
    expect(lines(FULL, "th").at(-1)).toMatchObject({ about: "consent", text: t("intro.consent"), own: false });
    expect(lines({ consent: { th: "  \n " } }, "th").at(-1)).toMatchObject({ text: t("intro.consent") });
  });

  it("asks for nothing where the integrator wants no consent", () => {
    expect(lines(FULL, "en", opened({ skip_consent: true })).map(({ about }) => about)).toEqual([
      "who",
      "purpose",
      "kept",
      "privacy",
      "terms",
      "support",
    ]);
    expect(lines({}, "en", opened({ skip_consent: true }))).toEqual([]);
  });

  it("asks about the document where one is taken", () => {
    expect(agreedText(lines({}, "en", opened({}, { document: {} as never, liveness: false })))).toBe(t("intro.document.consent"));
  });

  it("keeps its text when a name brings marks of its own, or places", () => {
    expect(agreedText(lines({ name: "\u202eA\u2069{name}" }))).toContain("A{name} asks you to confirm your identity.");
  });

  it("fits into what the server takes, at its longest", () => {
    const long: Brand = {
      ...FULL,
      name: "n".repeat(80),
      purpose: "p".repeat(500),
      kept: "k".repeat(200),
      consent: { en: "c".repeat(4000) },
    };
    expect(agreedText(lines(long)).length).toBeLessThan(6000);
  });

  it.each(Object.keys(LANGUAGES) as Language[])("is complete in %s", async (language) => {
    const spoken = translator(await load(language));
    const text = agreedText(asked({ brand: FULL, opened: opened() }, spoken, language));
    for (const piece of ["Acme", FULL.purpose, FULL.kept, FULL.privacy_url, FULL.terms_url, FULL.support]) expect(text).toContain(piece);
    expect(text).not.toMatch(/[{}\u2068\u2069]/);
  });
});

describe("pieces that run the other way", () => {
  it("stand apart from the sentence around them", () => {
    const text = t("intro.asks", { name: isolate("بنك") });
    expect(pieces(text)).toEqual(["", "بنك", " asks you to confirm your identity."]);
    expect(pieces(text).join("")).toBe(plain(text));
  });

  it("are nothing special where there are none", () => {
    expect(pieces("Continue")).toEqual(["Continue"]);
  });
});

describe("support and service", () => {
  it.each([
    ["mailto:help@acme.example", "Get help: help@acme.example"],
    ["tel:+6591234567", "Get help: +6591234567"],
    ["https://acme.example/help", "Get help"],
  ])("%s reads %s", (url, text) => {
    expect(plain(support({ ...NO_BRAND, support: url }, t).text)).toBe(text);
  });

  it("is the service that sent the person here, in short on a button", () => {
    expect(service(NO_BRAND, t)).toBe("the service that sent you here");
    expect(serviceShort(NO_BRAND, t)).toBe("the service");
    expect(plain(serviceShort(FULL, t))).toBe("Acme");
    expect(serviceShort({ ...FULL, name: "n".repeat(41) }, t)).toBe("the service");
  });
});
