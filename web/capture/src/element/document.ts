/** The document's screens: what to photograph, the camera with its guide, the wait, the review. */

import { html, nothing, type TemplateResult } from "lit";
import type { View } from "../capture.ts";
import { form, framing } from "../card.ts";
import type { Translate } from "../locale.ts";
import type { DocumentPlan, Side } from "../messages.ts";
import { art, icons } from "./art.ts";
import type { OpenekycCapture } from "./element.ts";
import { lines } from "./fields.ts";
import { bar, cameraPicker, type Panel } from "./parts.ts";
import { documentName, prompt, sideName } from "./words.ts";

export function documentIntro(host: OpenekycCapture, view: View, t: Translate, phone: TemplateResult | typeof nothing): Panel {
  const { card } = view;
  const plan = view.opened?.document;
  const open = t(card.again ? "document.again" : "document.open");
  return {
    art:
      card.reasons[0] === "not_accepted"
        ? art.bad
        : card.again
          ? art.again
          : plan && form(plan) < 1.5
            ? art.passport
            : card.side === "back"
              ? art.back
              : art.card,
    body:
      card.again && card.reasons.length && card.reasons[0] !== "file"
        ? html`<p class="small">${t("retake.left", { count: card.retakesLeft })}</p>`
        : nothing,
    actions: [html`<button class="button" part="button" type="button" @click=${() => host.send("AGREE")}>${open}</button>`],
    more: [upload(host, plan, t), phone],
  };
}

/** The button that leads back to the camera for one side. */
export function retake(host: OpenekycCapture, side: Side, t: Translate, look = "", label = t("document.again")): TemplateResult {
  return html`<button class="button ${look}" part="button${look && "-second"}" type="button" @click=${() => host.capture?.documents.retake(side)}>${label}</button>`;
}

export function documentWait(view: View, t: Translate): Panel {
  const { picture } = view.card;
  return {
    body: html`
      ${picture ? html`<img class="photo" src=${picture} alt=${t("shot.picture")} />` : nothing}
      ${bar(null)}
    `,
  };
}

export function documentReview(host: OpenekycCapture, view: View, t: Translate): Panel {
  const { card } = view;
  const plan = view.opened?.document;
  const sides = plan?.sides ?? [];
  const photos = sides
    .flatMap((side) => card.photos[side] ?? [])
    .map((address) => html`<img class="photo" src=${address} alt=${t("shot.picture")} />`);
  return {
    body: html`<div class="review">${photos.length ? html`<div class="photos">${photos}</div>` : nothing}<form id="review" class="fields" part="fields" @submit=${(
      event: Event,
    ) => {
      event.preventDefault();
      host.send("CONFIRM");
    }}>
      ${lines(card.fields, t).map(({ label, names, value, editable }) =>
        editable
          ? html`<label class="field"><span>${label}</span>
              <input type="text" dir="auto" maxlength="512" autocomplete="off" autocapitalize="off" spellcheck="false"
                name=${names[0] ?? ""} .value=${card.edits[names[0] ?? ""] ?? value}
                @input=${(event: Event) => host.capture?.documents.edit(names, (event.target as HTMLInputElement).value)} /></label>`
          : html`<div class="field"><span>${label}</span><b><bdi>${value || "–"}</bdi></b></div>`,
      )}
    </form></div>`,
    actions: [html`<button class="button" part="button" type="submit" form="review">${t("review.confirm")}</button>`],
    more: sides.map((side) =>
      retake(host, side, t, "second", sides.length > 1 ? t("review.again_side", { side: sideName(side, t) }) : t("document.again")),
    ),
  };
}

/** The camera's picture with the guide over it. */
export function finder(host: OpenekycCapture, view: View, t: Translate): TemplateResult {
  const { card } = view;
  const plan = view.opened?.document as DocumentPlan;
  const video = host.capture?.video;
  const aspect = video?.videoHeight ? video.videoWidth / video.videoHeight : 4 / 3;
  const { guide, crop } = framing(aspect, form(plan));
  const share = (value: number): string => `${(100 * value).toFixed(2)}%`;
  const feed = [
    `left:${share(-crop[0] / crop[2])};top:${share(-crop[1] / crop[3])}`,
    `width:${share(1 / crop[2])};height:${share(1 / crop[3])}`,
  ].join(";");
  const [inX, inY] = [share((guide[0] - crop[0]) / crop[2]), share((guide[1] - crop[1]) / crop[3])];
  return html`
    <div class="stage shows" part="stage">
      <h1 class="sr" tabindex="-1">${documentName(view, t)}</h1>
      <div class="say"><div class="text" part="prompt">${prompt(view, t)}</div></div>
      <div class="room"><div class="finder" part="finder" .style=${`--_form:${((crop[2] * aspect) / crop[3]).toFixed(4)}`}>
        <div class="window" .style=${feed}>${video ?? nothing}</div>
        <div class="guide ${card.ready && card.tip === null ? "good" : ""}" .style=${`inset:${inY} ${inX}`}>
          <i .style=${`transform:scaleX(${card.steady.toFixed(3)})`}></i>
        </div>
      </div></div>
      <div class="foot">
        <p class="small">${documentName(view, t)}</p>
        ${
          card.manual && card.ready
            ? html`<button class="shutter" part="shutter" type="button" aria-label=${t("document.shutter")} title=${t("document.shutter")}
                @click=${() => host.capture?.documents.shoot()}>${icons.shutter}</button>`
            : nothing
        }
        ${upload(host, plan, t, "link")}
        ${cameraPicker(host, view, t)}
      </div>
    </div>
  `;
}

function upload(
  host: OpenekycCapture,
  plan: DocumentPlan | null | undefined,
  t: Translate,
  look = "button second",
): TemplateResult | typeof nothing {
  if (!plan?.upload) return nothing;
  const steps = host.capture?.documents;
  const picked = (event: Event): void => void steps?.upload((event.target as HTMLInputElement).files?.[0]);
  const opened = (): void => {
    if (steps) steps.picking = true;
  };
  return html`<label class="${look} file" part="button-second">${t("document.upload")}
    <input class="sr" type="file" accept="image/*" @click=${opened} @cancel=${picked} @change=${picked} /></label>`;
}
