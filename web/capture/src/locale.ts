/** The capture page's texts by message id. */

import en from "../locales/en.json";
import { texts } from "./language.ts";

export type MessageId = keyof typeof en;
export type Catalogue = Record<MessageId, string>;

export const { isMessage, load, translator } = texts<MessageId>(
  en,
  import.meta.glob<Catalogue>(["../locales/*.json", "!../locales/en.json"], { import: "default" }),
);
export type Translate = ReturnType<typeof translator>;
