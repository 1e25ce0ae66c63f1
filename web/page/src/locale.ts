/** The start page's texts by message id; as those of the capture page, but its own. */

import { fill, type Language } from "../../capture/src/language.ts";
import en from "../locales/en.json";

export type MessageId = keyof typeof en;
export type Catalogue = Record<MessageId, string>;
export type Translate = (id: MessageId, values?: Record<string, string | number>) => string;

export function isMessage(id: string): id is MessageId {
  return id in en;
}

const CATALOGUES = import.meta.glob<Catalogue>(["../locales/*.json", "!../locales/en.json"], { import: "default" });

export async function load(language: Language): Promise<Catalogue> {
  const catalogue = CATALOGUES[`../locales/${language}.json`];
  return catalogue ? await catalogue() : en;
}

export function translator(catalogue: Catalogue = en): Translate {
  return (id, values) => fill(catalogue[id] ?? en[id], values);
}
