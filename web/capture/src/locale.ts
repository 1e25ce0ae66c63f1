/** The capture page's texts by message id. English travels with the code, every other catalogue is loaded when it is wanted. */

import en from "../locales/en.json";
import { fill, type Language } from "./language.ts";

export type MessageId = keyof typeof en;
export type Catalogue = Record<MessageId, string>;

export function isMessage(id: string): id is MessageId {
  return id in en;
}

const CATALOGUES = import.meta.glob<Catalogue>(["../locales/*.json", "!../locales/en.json"], { import: "default" });

export async function load(language: Language): Promise<Catalogue> {
  const catalogue = CATALOGUES[`../locales/${language}.json`];
  return catalogue ? await catalogue() : en;
}

export type Translate = (id: MessageId, values?: Record<string, string | number>) => string;

/** `own` are the embedder's replacements for single texts. */
export function translator(catalogue: Catalogue = en, own: Partial<Catalogue> = {}): Translate {
  return (id, values) => fill(own[id] ?? catalogue[id] ?? en[id], values);
}
