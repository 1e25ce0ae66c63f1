/** Which languages there are, which one fits a person, and how a text of a catalogue is filled. */

export const LANGUAGES = {
  en: "English",
  "zh-Hans": "简体中文",
  "zh-Hant": "繁體中文",
  ja: "日本語",
  ko: "한국어",
  th: "ไทย",
  id: "Bahasa Indonesia",
  ms: "Bahasa Melayu",
  vi: "Tiếng Việt",
  "pt-BR": "Português (Brasil)",
  ar: "العربية",
} as const;
export type Language = keyof typeof LANGUAGES;

/** The language that fits the first of `wanted` (BCP 47 tags) best; English if none does. */
export function pick(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const fit = fitting(tag);
    if (fit) return fit;
  }
  return "en";
}

function fitting(tag: string): Language | null {
  const names = Object.keys(LANGUAGES) as Language[];
  const lower = tag.toLowerCase();
  const exact = names.find((name) => name.toLowerCase() === lower);
  if (exact) return exact;
  if (/^zh\b/.test(lower)) return /hant|tw|hk|mo/.test(lower) ? "zh-Hant" : "zh-Hans";
  if (/^pt\b/.test(lower)) return "pt-BR";
  if (/^in\b/.test(lower)) return "id"; // what old devices call Indonesian
  return names.find((name) => name === lower.split("-")[0]) ?? null;
}

export function direction(language: Language): "ltr" | "rtl" {
  return language === "ar" ? "rtl" : "ltr";
}

/** `text` with what stands for its places, such as {count}. */
export function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** What every page does with its catalogues: `en` travels with the code, `files` (by path) are loaded when they are wanted. */
export function texts<Id extends string>(en: Record<Id, string>, files: Record<string, () => Promise<Record<Id, string>>>) {
  return {
    isMessage: (id: string): id is Id => id in en,
    load: async (language: Language): Promise<Record<Id, string>> => (await files[`../locales/${language}.json`]?.()) ?? en,
    /** `own` are the embedder's replacements for single texts. */
    translator:
      (catalogue: Record<Id, string> = en, own: Partial<Record<Id, string>> = {}) =>
      (id: Id, values?: Record<string, string | number>): string =>
        fill(own[id] ?? catalogue[id] ?? en[id], values),
  };
}
