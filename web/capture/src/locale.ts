/** Texts by message id. English travels with the code, every other catalogue is loaded when it is wanted. */

import en from "../locales/en.json";

export type MessageId = keyof typeof en;
export type Catalogue = Record<MessageId, string>;

export function isMessage(id: string): id is MessageId {
  return id in en;
}

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

const CATALOGUES = import.meta.glob<Catalogue>(["../locales/*.json", "!../locales/en.json"], { import: "default" });

/** The catalogue that fits the first of `wanted` (BCP 47 tags) best; English if none does. */
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

export async function load(language: Language): Promise<Catalogue> {
  const catalogue = CATALOGUES[`../locales/${language}.json`];
  return catalogue ? await catalogue() : en;
}

export type Translate = (id: MessageId, values?: Record<string, string | number>) => string;

/** `own` are the embedder's replacements for single texts. */
export function translator(catalogue: Catalogue = en, own: Partial<Catalogue> = {}): Translate {
  return (id, values = {}) => (own[id] ?? catalogue[id] ?? en[id]).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
