/** The start page's texts by message id; as those of the capture page, but its own. */

import { texts } from "../../capture/src/language.ts";
import en from "../locales/en.json";

export type MessageId = keyof typeof en;

export const { isMessage, load, translator } = texts<MessageId>(
  en,
  import.meta.glob<Record<MessageId, string>>(["../locales/*.json", "!../locales/en.json"], { import: "default" }),
);
export type Translate = ReturnType<typeof translator>;
