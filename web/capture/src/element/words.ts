/** Which text a view is about: the same words are shown, announced and spoken. Pure. */

import type { View } from "../capture.ts";
import { form } from "../card.ts";
import { isMessage, type MessageId, type Translate } from "../locale.ts";
import { type Hint, NOT_ACCEPTED, type Side } from "../messages.ts";
import { browser } from "../support.ts";
import { service, who } from "./asked.ts";

export interface Words {
  title: string;
  text: string;
}

/** Title and text of a state that is read. */
export function words(view: View, t: Translate): Words {
  const values = { service: service(view.brand, t) };
  const pair = (name: string): Words => ({ title: t(`${name}.title` as MessageId), text: t(`${name}.text` as MessageId, values) });
  switch (view.state) {
    case "camera_help":
      return pair(`camera.${view.fault ?? "failed"}`);
    case "camera_ask":
      return view.allowed ? { title: t("loading"), text: "" } : pair("camera.ask");
    case "unsupported":
      return pair(`unsupported.${view.unsupported ?? "no_camera_api"}`);
    case "trouble":
      return pair(["unreachable", "no_recorder"].includes(view.problem) ? `trouble.${view.problem}` : "trouble");
    case "uploading":
      return pair("upload");
    case "retry":
      return retryWords(view.outcome?.hint || "none", t);
    case "restarting":
      return { title: t("restart.title"), text: t(`restart.${view.interruption ?? "camera"}`) };
    case "leave_ask":
      return pair("leave");
    case "intro":
      return introWords(view, t);
    case "document_intro":
      return documentWords(view, t);
    case "document_wait":
      return pair(view.card.sent ? "shot" : "upload");
    case "document_confirm":
      return pair("upload");
    case "document_review":
      return { title: t("review.title"), text: t(view.opened?.document?.editable ? "review.correct" : "review.text") };
    case "failed":
      if (!view.card.refused) return pair("failed");
      return neutral(view.card.reasons) ? notAccepted(t, t("failed.document.text", values)) : pair("failed.document");
    case "passed":
      return pair(view.problem === "session_finished" ? "used" : "passed");
    case "expired":
      return pair(["token_unknown", "token_missing"].includes(view.problem) ? "unknown" : "expired");
    case "handoff":
    case "judging":
    case "paused":
    case "left":
    case "timed_out":
      return pair(view.state);
    default:
      return { title: t("loading"), text: "" };
  }
}

/** Of a document that is not accepted, whatever the reason: the same words. */
function notAccepted(t: Translate, more = ""): Words {
  return { title: t("refused.title"), text: `${t("card_hint.not_accepted")} ${more}`.trim() };
}

function neutral(reasons: readonly string[]): boolean {
  return reasons[0] === "not_accepted";
}

function retryWords(hint: Exclude<Hint, ""> | "none", t: Translate): Words {
  return hint === NOT_ACCEPTED ? notAccepted(t) : { title: t("retry.title"), text: t(`hint.${hint}`) };
}

function introWords(view: View, t: Translate): Words {
  const { document = null, liveness = true } = view.opened ?? {};
  const about = !document ? "intro" : liveness ? "intro.both" : "intro.document";
  const title = t(document && !liveness ? "intro.document.title" : "intro.title");
  return { title, text: [who(view.brand, t), t(`${about}.text`)].filter(Boolean).join(" ") };
}

function documentWords(view: View, t: Translate): Words {
  const { card } = view;
  if (!card.again) return { title: documentName(view, t), text: t(`document.${part(view)}.text`) };
  if (neutral(card.reasons)) return notAccepted(t);
  const reasons = card.reasons.map((reason) => t(`card_hint.${reason}`, { kind: kindName(view, t), side: sideName(card.side, t) }));
  return { title: t("retake.title"), text: reasons.slice(0, 2).join(" ") || t(`document.${part(view)}.text`) };
}

/** The document, and its side if it has two. */
export function documentName(view: View, t: Translate): string {
  const two = (view.opened?.document?.sides.length ?? 1) > 1;
  return two ? `${kindName(view, t)} · ${sideName(view.card.side, t)}` : kindName(view, t);
}

function kindName(view: View, t: Translate): string {
  const plan = view.opened?.document;
  if (!plan) return "";
  const id = `kind.${plan.kind}`;
  return isMessage(id) ? t(id) : plan.title;
}

export function sideName(side: Side, t: Translate): string {
  return t(`side.${side}`);
}

function part(view: View): "front" | "back" | "page" {
  const plan = view.opened?.document;
  return plan && form(plan) < 1.5 ? "page" : view.card.side;
}

function cardPrompt({ card, opened }: View, t: Translate): string {
  if (!card.ready) return t("position.loading");
  if (opened?.document?.shutter === "manual" && card.tip !== "dark") return t(card.tip === "glare" ? "card.glare" : "card.manual");
  return card.tip ? t(`card.${card.tip}`) : t("card.ready");
}

/** What to say over the camera's picture. */
export function prompt(view: View, t: Translate): string {
  const { step } = view;
  if (view.state === "document_frame") return cardPrompt(view, t);
  if (view.state === "position") return positionPrompt(view, t);
  if (!step) return t("step.starting");
  switch (step.kind) {
    case "hold":
      return t("step.hold");
    case "gesture":
      if (step.seen) return t("step.seen");
      return step.gesture ? t(`step.${step.gesture}`) : t("step.ready");
    case "light":
      return t(step.running ? "step.light" : "step.light_ready");
    case "tail":
      return t("step.tail");
  }
}

function positionPrompt(view: View, t: Translate): string {
  if (view.guided) return t("position.guided", { seconds: view.countdown });
  if (view.tracker === "loading") return t("position.loading");
  return view.tip ? t(`tip.${view.tip}`) : t("position.ready");
}

/** The lines that explain how to allow the camera in this browser. */
export function permissionSteps(t: Translate, userAgent = navigator.userAgent, touch = navigator.maxTouchPoints): string[] {
  return t(`camera.denied.${browser(userAgent, touch)}`).split("\n");
}
