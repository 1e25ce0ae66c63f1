/** Pieces that several screens share. */

import { html, nothing, type TemplateResult } from "lit";
import type { View } from "../capture.ts";
import type { Translate } from "../locale.ts";
import type { OpenekycCapture } from "./element.ts";

/** A screen to read: a picture, lines, what one can do. */
export interface Panel {
  art?: TemplateResult;
  tone?: "good" | "bad" | "";
  body?: TemplateResult | typeof nothing;
  actions?: Array<TemplateResult | typeof nothing>;
  dialog?: boolean;
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
