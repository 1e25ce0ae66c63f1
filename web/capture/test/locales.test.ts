import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CARD_TIPS } from "../src/card.ts";
import { FIELD_LABELS } from "../src/element/fields.ts";
import { direction, LANGUAGES, pick } from "../src/language.ts";
import { translator } from "../src/locale.ts";
import { CARD_HINTS, HINTS } from "../src/messages.ts";
import { TIPS } from "../src/position.ts";

const CAPTURE = join(import.meta.dirname, "../locales");
const START = join(import.meta.dirname, "../../page/locales");
const read = (folder: string, name: string): Record<string, string> =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Record<string, string>;
const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe.each([
  ["the capture page", CAPTURE],
  ["the start page", START],
])("catalogues of %s", (_, folder) => {
  it("exist for every language, and for no other", () => {
    expect(readdirSync(folder).sort()).toEqual(
      Object.keys(LANGUAGES)
        .map((name) => `${name}.json`)
        .sort(),
    );
  });

  it.each(Object.keys(LANGUAGES))("%s has every text, the same places and the same lines as English", (name) => {
    const [catalogue, english] = [read(folder, name), read(folder, "en")];
    expect(Object.keys(catalogue)).toEqual(Object.keys(english));
    for (const [id, text] of Object.entries(catalogue)) {
      expect(text.trim(), id).not.toBe("");
      expect(places(text), id).toEqual(places(english[id] as string));
      expect(text.split("\n").length, id).toBe((english[id] as string).split("\n").length);
    }
  });
});

describe("the capture page", () => {
  const ENGLISH = read(CAPTURE, "en");

  it("has a text for every tip and every hint", () => {
    for (const tip of TIPS) expect(ENGLISH).toHaveProperty([`tip.${tip}`]);
    for (const hint of HINTS) expect(ENGLISH).toHaveProperty([`hint.${hint}`]);
    for (const tip of CARD_TIPS) expect(ENGLISH).toHaveProperty([`card.${tip}`]);
    for (const hint of [...CARD_HINTS, "file"]) expect(ENGLISH).toHaveProperty([`card_hint.${hint}`]);
    for (const label of FIELD_LABELS) expect(ENGLISH).toHaveProperty([`field.${label}`]);
  });
});

describe("choosing a language", () => {
  it.each([
    [["de-DE", "th-TH"], "th"],
    [["zh-TW"], "zh-Hant"],
    [["zh-HK"], "zh-Hant"],
    [["zh-CN"], "zh-Hans"],
    [["zh"], "zh-Hans"],
    [["pt-PT"], "pt-BR"],
    [["in"], "id"],
    [["ar-EG"], "ar"],
    [["de"], "en"],
    [[], "en"],
  ])("%s gives %s", (wanted, language) => {
    expect(pick(wanted)).toBe(language);
  });

  it("knows who reads from the right", () => {
    expect(direction("ar")).toBe("rtl");
    expect(direction("ja")).toBe("ltr");
  });

  it("fills places and takes the embedder's own texts", () => {
    const t = translator(undefined, { "leave.stay": "Not yet" });
    expect(t("retry.left", { count: 2 })).toBe("Tries left: 2");
    expect(t("leave.stay")).toBe("Not yet");
  });
});
