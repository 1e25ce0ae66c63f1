/** Pieces that several screens share. */

import { html, nothing, type TemplateResult } from "lit";
import type { View } from "../capture.ts";
import type { Translate } from "../locale.ts";
import { type Line, pieces } from "./asked.ts";
import type { OpenekycCapture } from "./element.ts";

/** A screen to read: a picture, lines, what one can do. */
export interface Panel {
  art?: TemplateResult;
  logo?: TemplateResult; // stands where the picture would
  tone?: "good" | "bad" | "";
  body?: TemplateResult | typeof nothing;
  actions?: Array<TemplateResult | typeof nothing>; // the main button and what it is about: always in view
  more?: Array<TemplateResult | typeof nothing>; // what one can do instead
  dialog?: boolean;
}

/** A text in which names and addresses keep their own direction. */
export function said(text: string): Array<string | TemplateResult> {
  return pieces(text).map((piece, place) => (place % 2 ? html`<bdi>${piece}</bdi>` : piece));
}

/** A link that leaves this page where it is. */
export function outside({ text, url }: Line): TemplateResult {
  return html`<a class="link" part="link" href=${url} target=${url.startsWith("https:") ? "_blank" : nothing} rel="noopener noreferrer">${said(text)}</a>`;
}

export function cameraPicker(host: OpenekycCapture, view: View, t: Translate): TemplateResult | typeof nothing {
  if (view.cameras.length < 2) return nothing;
  return html`<label class="pick"><span>${t("camera.choose")}</span>
    <select @change=${(event: Event) => host.capture?.choose((event.target as HTMLSelectElement).value)}>
      ${view.cameras.map(({ id, label }, place) => html`<option value=${id} ?selected=${id === view.cameraId}>${label || `${t("camera.choose")} ${place + 1}`}</option>`)}
    </select></label>`;
}

export function bar(share: number | null, label = ""): TemplateResult {
  return share === null
    ? html`<div class="bar busy"><i></i></div>`
    : html`<div class="bar" role="progressbar" aria-label=${label} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(100 * share)}><i .style=${`transform:scaleX(${share})`}></i></div>`;
}
