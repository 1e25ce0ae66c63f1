/** Which text a view is about: the same words are shown, announced and spoken. Pure. */

import type { View } from "../capture.ts";
import type { MessageId, Translate } from "../locale.ts";
import { browser } from "../support.ts";

export interface Words {
  title: string;
  text: string;
}

/** Title and text of a state that is read. */
export function words(view: View, t: Translate): Words {
  const pair = (name: string): Words => ({ title: t(`${name}.title` as MessageId), text: t(`${name}.text` as MessageId) });
  switch (view.state) {
    case "camera_help":
      return pair(`camera.${view.fault ?? "failed"}`);
    case "camera_ask":
      return pair("camera.ask");
    case "unsupported":
      return pair(`unsupported.${view.unsupported ?? "no_camera_api"}`);
    case "trouble":
      return pair(["unreachable", "no_recorder"].includes(view.problem) ? `trouble.${view.problem}` : "trouble");
    case "uploading":
      return pair("upload");
    case "retry":
      return { title: t("retry.title"), text: t(`hint.${view.outcome?.hint || "none"}`) };
    case "restarting":
      return { title: t("restart.title"), text: t(`restart.${view.interruption ?? "camera"}`) };
    case "leave_ask":
      return pair("leave");
    case "handoff":
    case "intro":
    case "judging":
    case "paused":
    case "passed":
    case "failed":
    case "expired":
    case "left":
    case "timed_out":
      return pair(view.state);
    default:
      return { title: t("loading"), text: "" };
  }
}

/** What to say over the camera's picture. */
export function prompt(view: View, t: Translate): string {
  const { step } = view;
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
