/** The camera's screen: what to do above, the oval in the middle, ways out below. */

import { html, nothing, svg, type TemplateResult } from "lit";
import type { View } from "../capture.ts";
import type { Translate } from "../locale.ts";
import { arrows, gestureArt, icons } from "./art.ts";
import type { OpenekycCapture } from "./element.ts";
import { cameraPicker } from "./parts.ts";
import { prompt } from "./words.ts";

export function stage(host: OpenekycCapture, view: View, t: Translate): TemplateResult {
  const step = view.step;
  const picture = step?.gesture && !step.seen ? html`<div class="gesture">${gestureArt[step.gesture]}</div>` : nothing;
  return html`
    <div class="stage" part="stage">
      <h1 class="sr" tabindex="-1">${t(view.state === "position" ? "position.title" : "steps.title")}</h1>
      <div class="say">${picture}<div class="text" part="prompt">${prompt(view, t)}</div></div>
      <div class="lens" part="lens">
        <div class="feed">${host.capture?.video ?? nothing}</div>
        ${ring(view)}
        ${view.state === "position" && view.tip && arrows[view.tip] ? html`<div class="towards ${view.tip}">${arrows[view.tip]}</div>` : nothing}
        ${step?.seen ? html`<div class="tick">${icons.tick}</div>` : nothing}
      </div>
      <div class="foot">${view.state === "position" ? positionFoot(host, view, t) : stepFoot(host, view, t)}</div>
    </div>
  `;
}

function ring(view: View): TemplateResult {
  const { step } = view;
  const timed = step && !step.seen && ((step.kind === "gesture" && step.gesture) || step.kind === "tail");
  const share =
    view.state === "position"
      ? view.tracker === "loading"
        ? view.trackerProgress
        : view.steady
      : step?.kind === "tail" || step?.seen
        ? 1
        : 0;
  const good = step?.seen || step?.kind === "tail";
  return html`
    <svg class="ring ${timed ? "timed" : ""} ${good ? "good" : ""}" aria-hidden="true"
      .style=${`--_share:${share.toFixed(3)};--_time:${step?.windowMs ?? 0}ms`}>
      ${svg`<path class="track"/><path class="done" pathLength="1"/>`}
    </svg>
  `;
}

function positionFoot(host: OpenekycCapture, view: View, t: Translate): TemplateResult {
  return html`
    ${host.capture?.lightTroubles ? html`<button class="link" type="button" @click=${() => host.capture?.declineLight(true)}>${t("intro.light.decline")}</button>` : nothing}
    ${view.force ? html`<button class="link" type="button" @click=${() => host.capture?.force()}>${t("position.force")}</button>` : nothing}
    ${cameraPicker(host, view, t)}
  `;
}

function stepFoot(host: OpenekycCapture, view: View, t: Translate): TemplateResult {
  const { step, opened } = view;
  const cannot = step?.gesture && !step.seen && opened?.policy.other_gesture;
  return html`
    ${cannot ? html`<button class="link" type="button" @click=${() => host.capture?.cannot()}>${t("step.cannot")}</button>` : nothing}
    ${step && step.count > 1 && step.place && !opened?.page.hide_progress ? html`<p class="small">${t("step.place", { place: step.place, count: step.count })}</p>` : nothing}
  `;
}
