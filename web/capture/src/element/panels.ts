/** The screens that are read: a picture, a heading, some lines, what one can do. */

import { html, nothing, svg, type TemplateResult } from "lit";
import type { View } from "../capture.ts";
import type { Translate } from "../locale.ts";
import type { EventName } from "../machine.ts";
import { NOT_ACCEPTED } from "../messages.ts";
import { handheld } from "../support.ts";
import { art } from "./art.ts";
import { agreedText, asked, type Line, service, serviceShort, support } from "./asked.ts";
import { documentIntro, documentReview, documentWait, retake } from "./document.ts";
import type { OpenekycCapture } from "./element.ts";
import { code } from "./handoff.ts";
import { bar, cameraPicker, outside, type Panel, said } from "./parts.ts";
import { permissionSteps, words } from "./words.ts";

export function panel(host: OpenekycCapture, view: View, t: Translate): TemplateResult {
  const { art: picture, logo, tone = "", body = nothing, actions = [], more = [], dialog = false } = contents(host, view, t);
  const { title, text } = words(view, t);
  const others = more.filter((one) => one !== nothing);
  return html`
    <div class="panel ${view.state}" part="panel" role=${dialog ? "alertdialog" : nothing} aria-labelledby=${dialog ? "title" : nothing} aria-describedby=${dialog ? "text" : nothing}>
      ${logo ?? nothing}
      ${picture && !logo ? html`<div class="art ${tone}" part="art">${picture}</div>` : nothing}
      <h1 id="title" tabindex="-1">${title}</h1>
      ${text ? html`<p id="text" class="lead">${said(text)}</p>` : nothing}
      ${body}
      <div class="actions">${actions}</div>
      ${others.length ? html`<div class="more">${others}</div>` : nothing}
    </div>
  `;
}

function contents(host: OpenekycCapture, view: View, t: Translate): Panel {
  const button = (label: string, event: EventName): TemplateResult =>
    html`<button class="button" part="button" type="button" @click=${() => host.send(event)}>${said(label)}</button>`;
  const second = (label: string, event: EventName): TemplateResult =>
    html`<button class="button second" part="button-second" type="button" @click=${() => host.send(event)}>${said(label)}</button>`;
  const phone = handoffOffered(view) ? second(t("intro.handoff"), "HANDOFF") : nothing;

  switch (view.state) {
    case "intro":
      return intro(host, view, t, phone);
    case "agreeing":
      return { art: art.camera, body: bar(null) };
    case "camera_ask":
      return { art: art.camera, body: view.allowed ? bar(null) : nothing };
    case "camera_help":
      return {
        art: art.blocked,
        tone: "bad",
        body: view.fault === "denied" ? html`<ol>${permissionSteps(t).map(numbered)}</ol>` : cameraPicker(host, view, t),
        actions: [button(t("action.again"), "AGAIN")],
        more: [phone],
      };
    case "unsupported":
      if (view.unsupported === "insecure") return { art: art.blocked, tone: "bad", actions: [button(t("action.again"), "AGAIN")] };
      return { art: art.blocked, tone: "bad", actions: [copyButton(host, t)], more: [phone, second(t("action.again"), "AGAIN")] };
    case "handoff":
      return handoff(host, t, second(t("handoff.back"), "BACK"));
    case "document_intro":
      return documentIntro(host, view, t, phone);
    case "document_wait":
      return documentWait(view, t);
    case "document_review":
      return documentReview(host, view, t);
    case "document_confirm":
      return { art: art.send, body: bar(null) };
    case "uploading":
      return { art: art.send, body: bar(view.opened?.page.hide_progress ? null : view.uploaded, t("upload.title")) };
    case "judging":
      return { art: art.clock, body: bar(null) };
    case "retry": {
      const left = view.outcome ? html`<p class="small">${t("retry.left", { count: view.outcome.attempts_left })}</p>` : nothing;
      const doubted = view.outcome?.hint === NOT_ACCEPTED ? view.opened?.document : null;
      if (!doubted) return { art: art.again, body: left, actions: [button(t("retry.again"), "AGAIN")], more: [phone] };
      return {
        art: art.bad,
        body: left,
        actions: [retake(host, doubted.sides[0] ?? "front", t)],
        more: [second(t("retry.again"), "AGAIN"), phone],
      };
    }
    case "restarting":
      return { art: art.again, body: bar(null), actions: host.capture?.lightTroubles ? [withoutLight(host, t)] : [] };
    case "paused":
      return { art: art.pause, actions: [button(t("action.continue"), "VISIBLE")] };
    case "leave_ask":
      return { art: art.door, dialog: true, actions: [button(t("leave.stay"), "STAY")], more: [second(t("leave.leave"), "LEAVE")] };
    case "trouble":
      return { art: art.bad, tone: "bad", actions: [button(t("action.again"), "AGAIN")], more: [help(view, t)] };
    case "passed":
      return { art: art.good, tone: "good", ...finish(host, view, t, button) };
    case "failed":
      return { art: art.bad, tone: "bad", ...finish(host, view, t, button) };
    case "expired":
      return { art: art.clock, ...finish(host, view, t, button) };
    case "left":
    case "timed_out":
      return { art: view.state === "left" ? art.door : art.clock, ...finish(host, view, t, second, button(t("action.restart"), "AGAIN")) };
    default:
      return { body: bar(null) };
  }
}

function intro(host: OpenekycCapture, view: View, t: Translate, phone: TemplateResult | typeof nothing): Panel {
  const { opened } = view;
  if (!opened) return {};
  const lines = asked(view, t, host.spoken);
  const consent = lines.find(({ about }) => about === "consent");
  const facts = lines.filter(({ about }) => about === "purpose" || about === "kept");
  const links = lines.filter(({ url }) => url);
  const steps = [
    opened.document && !opened.document.confirmed ? t("intro.step.document") : "",
    opened.liveness ? t("intro.step.face") : "",
    opened.liveness && (opened.level === 2 || opened.level === 4) ? t("intro.step.gestures") : "",
    opened.light && !view.noLight ? t("intro.step.light") : "",
  ].filter(Boolean);
  const agree = (): void => (consent ? host.capture?.agree(agreedText(lines), host.spoken) : host.send("AGREE"));
  return {
    art: opened.liveness ? art.face : art.card,
    ...logo(host, view),
    body: html`
      ${opened.light ? lightWarning(host, view, t) : nothing}
      ${facts.length ? html`<div class="facts" part="facts">${facts.map(({ text }) => html`<p>${said(text)}</p>`)}</div>` : nothing}
      ${links.length ? html`<p class="links">${links.map(outside)}</p>` : nothing}
      ${opened.page.skip_intro ? nothing : html`<ol>${steps.map(numbered)}</ol>`}
    `,
    actions: [
      consent ? consentText(consent, t) : nothing,
      html`<button class="button" part="button" type="button" @click=${agree}>${t(consent ? "intro.agree" : "intro.start")}</button>`,
    ],
    more: [phone],
  };
}

const SHORT = 240; // characters of an own text that stand as they are; more get a box of their own, so that the button stays in reach

function consentText({ text, own }: Line, t: Translate): TemplateResult {
  if (!own) return html`<p class="small">${text}</p>`;
  const long = text.length > SHORT || text.split("\n").length > 4;
  return long
    ? html`<div class="small own long" part="consent" dir="auto" role="region" tabindex="0" aria-label=${t("intro.own")}>${said(text)}</div>`
    : html`<p class="small own" part="consent" dir="auto">${said(text)}</p>`;
}

/** The company's picture; its place is kept while it loads, and given up if it does not come. */
function logo(host: OpenekycCapture, { brand }: View): Pick<Panel, "logo"> {
  if (!brand.logo || host.noLogo) return {};
  const fail = (): void => {
    host.noLogo = true;
  };
  return {
    logo: html`<img class="logo" part="logo" src=${host.base.replace(/\/+$/, "") + brand.logo} alt=${brand.name} @error=${fail} />`,
  };
}

/** Where to get help, on the screens where the journey ended without success. */
function help({ brand }: View, t: Translate): TemplateResult | typeof nothing {
  return brand.support ? outside(support(brand, t)) : nothing;
}

function lightWarning(host: OpenekycCapture, view: View, t: Translate): TemplateResult {
  const choice = view.opened?.policy.no_light
    ? html`<label class="check"><input type="checkbox" .checked=${view.noLight}
        @change=${(event: Event) => host.capture?.declineLight((event.target as HTMLInputElement).checked)} />
        <span>${t("intro.light.decline")}</span></label>`
    : html`<p>${said(t("intro.light.other", { service: service(view.brand, t) }))}</p>`;
  return html`<section class="warning" part="warning"><h2>${t("intro.light.title")}</h2><p>${t("intro.light.text")}</p>${choice}</section>`;
}

function withoutLight(host: OpenekycCapture, t: Translate): TemplateResult {
  const decline = (): void => host.capture?.declineLight(true);
  return html`<button class="button second" part="button-second" type="button" @click=${decline}>${t("intro.light.decline")}</button>`;
}

function handoff(host: OpenekycCapture, t: Translate, back: TemplateResult): Panel {
  if (!host.link) return { body: bar(null), more: [back] };
  const { size, path } = code(host.link);
  return {
    body: html`
      <div class="code"><svg viewBox="-1 -1 ${size + 2} ${size + 2}" role="img" aria-label=${t("handoff.code")} shape-rendering="crispEdges">
        ${svg`<path d=${path} fill="#10131a"/>`}
      </svg></div>
      <p class="small waiting">${t("handoff.waiting")}</p>
    `,
    actions: [copyButton(host, t)],
    more: [back],
  };
}

function copyButton(host: OpenekycCapture, t: Translate): TemplateResult {
  return html`<button class="button" part="button" type="button" @click=${() => host.copyLink()}>${t(host.copied ? "handoff.copied" : "handoff.copy")}</button>`;
}

function finish(
  host: OpenekycCapture,
  view: View,
  t: Translate,
  make: (label: string, event: EventName) => TemplateResult,
  ...first: TemplateResult[]
): Panel {
  const passed = view.state === "passed";
  const last = passed ? nothing : help(view, t);
  if (!view.redirectUrl && !host.finishes)
    return { body: passed || !first.length ? html`<p class="small">${t("end.close")}</p>` : nothing, actions: first, more: [last] };
  const [main, ...more] = [
    ...first,
    make(passed ? t("action.continue") : t("end.back", { service: serviceShort(view.brand, t) }), "FINISH"),
  ];
  return { actions: [main as TemplateResult], more: [...more, last] };
}

function handoffOffered(view: View): boolean {
  return view.opened ? view.opened.policy.handoff === "offer" && !handheld() : !handheld();
}

function numbered(text: string, place: number): TemplateResult {
  return html`<li><span class="mark" aria-hidden="true">${place + 1}</span><span class="said">${text}</span></li>`;
}
