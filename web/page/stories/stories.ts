/**
 * Every screen of the component without camera or server, for screenshots and accessibility checks: `?story=NAME&theme=dark&lang=ar`.
 * Built for tests only. `window.stories` names them all.
 */

import type { StepView } from "../../capture/src/attempt.ts";
import type { View } from "../../capture/src/capture.ts";
import { NO_CARD } from "../../capture/src/documents.ts";
import { OpenekycCapture } from "../../capture/src/element/element.ts";
import { fitted } from "../../capture/src/lens.ts";
import { type Brand, complete, type DocumentPlan, NO_BRAND, type Opened } from "../../capture/src/messages.ts";

const OPENED: Opened = complete({
  state: "waiting",
  attempts_left: 3,
  level: 4,
  light: true,
  sandbox: false,
  thresholds: { oval: [0.29, 0.1, 0.42, 0.8], face_width_min: 0.2, face_width_max: 0.55, luma_min: 50, luma_max: 220 },
  limits: {
    recording_max_bytes: 1e7,
    recording_max_s: 30,
    recording_max_slices: 512,
    trace_max_bytes: 2e6,
    trace_max_batches: 1024,
    attempt_idle_s: 60,
    attempt_total_s: 180,
    tail_ms: 1000,
  },
  begin_by: 0,
  server_ms: 0,
});
const ALLOWED: Opened = { ...OPENED, policy: { ...OPENED.policy, no_light: true, other_gesture: true, handoff: "offer" } };
const page = (changes: Partial<Opened["page"]>): Opened => ({ ...ALLOWED, page: { ...OPENED.page, ...changes } });
const PLAN: DocumentPlan = {
  kind: "HK",
  title: "Hong Kong identity card",
  sides: ["front"],
  shutter: "auto_manual",
  auto_timeout_ms: 20_000,
  upload: false,
  review: true,
  editable: true,
  fields: [],
  done_sides: [],
  confirmed: false,
  retakes_left: 2,
};
const asked = (changes: Partial<DocumentPlan> = {}): Opened => ({ ...ALLOWED, document: { ...PLAN, ...changes } });
const TWO = asked({ kind: "SingaporeIDCard", sides: ["front", "back"], upload: true });
const READ = [
  { name: "ChineseName", value: "李智能" },
  { name: "FullName", value: "LEE, Chi Nan" },
  { name: "LicenseNumber", value: "C123456(9)" },
  { name: "Birthday", value: "01-01-1981" },
  { name: "Sex", value: "M" },
  { name: "IssuedDate", value: "" },
].map((field) => ({ ...field, editable: true }));
const CAMERAS = [
  { id: "a", label: "Integrated webcam" },
  { id: "b", label: "External camera with a rather long name" },
];
const BASE: View = {
  state: "boot",
  opened: ALLOWED,
  brand: NO_BRAND,
  unsupported: null,
  fault: null,
  allowed: false,
  uneven: false,
  tip: null,
  steady: 0,
  faceLuma: 120,
  force: false,
  guided: false,
  countdown: 0,
  tracker: "ready",
  trackerProgress: 1,
  step: null,
  interruption: null,
  uploaded: 0,
  outcome: null,
  problem: "",
  redirectUrl: "",
  online: true,
  cameras: [],
  cameraId: "a",
  idleLeft: null,
  noLight: false,
  card: NO_CARD,
  handoffCode: null,
};
const STEP: StepView = { kind: "gesture", place: 1, count: 3, gesture: null, times: 1, windowMs: 4000, seen: false, running: false };
const step = (changes: Partial<StepView>): StepView => ({ ...STEP, ...changes });
const RETRY = { state: "retry", attempts_left: 2, sandbox: false } as const;

const BRAND: Brand = {
  name: "Acme Savings",
  logo: logo(620, 90), // where an address on the server would be
  color: "#7a1fa2",
  purpose: "To open your savings account.",
  kept: "30 days, then they are deleted.",
  privacy_url: "https://acme.example/privacy",
  terms_url: "https://acme.example/terms",
  support: "mailto:help@acme.example",
  consent: { en: "I agree that Acme Savings records a short video of my face and checks that it is me.\nI can withdraw at any time." },
};
const LANGUAGES = ["en", "th", "ar", "id"];
const LONG_WORD = "Identitaetsfeststellungsverfahrensdurchfuehrungsverordnungen"; // 60 letters
const LONG: Brand = {
  ...BRAND,
  name: `${LONG_WORD} and Partners Ltd`.padEnd(80, "."),
  logo: logo(1200, 60),
  color: "#ffe600",
  purpose: `${LONG_WORD} ${"To open an account, as the law on money laundering asks of us. ".repeat(8)}`.slice(0, 500),
  support: `https://acme.example/${"help/".repeat(30)}`,
  consent: Object.fromEntries(
    LANGUAGES.map((name) => [name, `${LONG_WORD}\n\n${"I agree that my face is filmed and compared.\n".repeat(100)}`.slice(0, 4000)]),
  ),
};
const FROM_RIGHT: Brand = {
  ...BRAND,
  name: "بنك النور (فرع 7)",
  purpose: "لفتح حساب جديد.",
  kept: "٣٠ يومًا",
  support: "tel:+9714000000",
  consent: { en: "أوافق على تسجيل فيديو قصير لوجهي.\nيمكنني التراجع في أي وقت." },
};

const STORIES: Record<string, Partial<View>> = {
  boot: { state: "boot", opened: null },
  intro: { state: "intro" },
  "intro-plain": { state: "intro", opened: { ...OPENED, level: 1, light: false } },
  "intro-sandbox": { state: "intro", opened: { ...OPENED, sandbox: true } },
  "intro-no-light": { state: "intro", noLight: true },
  "intro-skipped": { state: "intro", opened: page({ skip_intro: true }) },
  "intro-agreed": { state: "intro", opened: page({ skip_consent: true }) },
  "intro-brand": { state: "intro", brand: BRAND },
  "intro-brand-name": { state: "intro", brand: { ...NO_BRAND, name: "Acme" } },
  "intro-brand-long": { state: "intro", brand: LONG },
  "intro-brand-rtl": { state: "intro", brand: FROM_RIGHT },
  agreeing: { state: "agreeing" },
  "camera-ask": { state: "camera_ask" },
  "camera-allowed": { state: "camera_ask", allowed: true },
  "camera-denied": { state: "camera_help", fault: "denied" },
  "camera-busy": { state: "camera_help", fault: "busy", cameras: CAMERAS },
  "camera-none": { state: "camera_help", fault: "none" },
  "camera-lost": { state: "camera_help", fault: "lost" },
  "intro-document": { state: "intro", opened: asked() },
  "intro-document-only": { state: "intro", opened: { ...asked(), light: false, liveness: false } },
  "document-intro": { state: "document_intro", opened: asked() },
  "document-intro-upload": { state: "document_intro", opened: TWO },
  "document-intro-back": { state: "document_intro", opened: TWO, card: { ...NO_CARD, side: "back" } },
  "document-intro-passport": { state: "document_intro", opened: asked({ kind: "MLIDPassport" }) },
  "document-retake": {
    state: "document_intro",
    opened: asked(),
    card: { ...NO_CARD, again: true, reasons: ["glare", "wrong_kind"], retakesLeft: 1 },
  },
  "document-not-accepted": {
    state: "document_intro",
    opened: TWO,
    card: { ...NO_CARD, again: true, reasons: ["not_accepted"], retakesLeft: 1 },
  },
  "document-not-accepted-end": { state: "failed", opened: asked(), card: { ...NO_CARD, refused: true, reasons: ["not_accepted"] } },
  "document-unlike": { state: "retry", opened: asked(), outcome: { ...RETRY, hint: "document_not_accepted" } },
  "document-file": { state: "document_intro", opened: TWO, card: { ...NO_CARD, again: true, reasons: ["file"] } },
  "document-frame": { state: "document_frame", opened: asked(), cameras: CAMERAS },
  "document-frame-fit": { state: "document_frame", opened: TWO, card: { ...NO_CARD, ready: true } },
  "document-frame-ready": { state: "document_frame", opened: asked(), card: { ...NO_CARD, ready: true, tip: null, steady: 0.6 } },
  "document-frame-manual": {
    state: "document_frame",
    opened: asked({ shutter: "manual", upload: true }),
    card: { ...NO_CARD, ready: true, manual: true },
    cameras: CAMERAS,
  },
  "document-frame-passport": {
    state: "document_frame",
    opened: asked({ kind: "MLIDPassport" }),
    card: { ...NO_CARD, ready: true, tip: "glare", manual: true },
  },
  "document-wait": { state: "document_wait", opened: asked(), card: { ...NO_CARD, sent: true, picture: photo() } },
  "document-review": { state: "document_review", opened: asked(), card: { ...NO_CARD, fields: READ, photos: { front: photo() } } },
  "document-review-two": {
    state: "document_review",
    opened: { ...TWO, document: { ...PLAN, ...TWO.document, editable: false } as DocumentPlan },
    card: { ...NO_CARD, photos: { front: photo(), back: photo() }, fields: READ.map((field) => ({ ...field, editable: false })) },
  },
  "document-confirm": { state: "document_confirm", opened: asked() },
  "document-refused": { state: "failed", opened: asked(), card: { ...NO_CARD, refused: true } },
  "position-loading": { state: "position", tracker: "loading", trackerProgress: 0.4, tip: "no_face" },
  "position-closer": { state: "position", tip: "move_closer", cameras: CAMERAS },
  "position-left": { state: "position", tip: "move_left" },
  "position-dark": { state: "position", tip: "more_light", force: true },
  "position-ready": { state: "position", tip: null, steady: 0.6 },
  "position-guided": { state: "position", guided: true, countdown: 4, steady: 0.3, tracker: "failed" },
  starting: { state: "starting" },
  hold: { state: "hold", step: step({ kind: "hold", place: 0 }) },
  "gesture-ready": { state: "gesture", step: STEP },
  "gesture-blink": { state: "gesture", step: step({ gesture: "blink" }) },
  "gesture-mouth": { state: "gesture", step: step({ gesture: "mouth" }) },
  "gesture-nod": { state: "gesture", step: step({ gesture: "nod" }) },
  "gesture-shake": { state: "gesture", step: step({ gesture: "shake" }) },
  "gesture-seen": { state: "gesture", step: step({ gesture: "nod", seen: true }) },
  "gesture-plain": { state: "gesture", opened: page({ hide_progress: true }), step: step({ gesture: "blink" }) },
  "light-ready": { state: "light", step: step({ kind: "light", place: 3 }) },
  "light-running": { state: "light", step: step({ kind: "light", place: 3, running: true }) },
  tail: { state: "tail", step: step({ kind: "tail", place: 0 }) },
  uploading: { state: "uploading", uploaded: 0.7 },
  "uploading-plain": { state: "uploading", uploaded: 0.7, opened: page({ hide_progress: true }) },
  judging: { state: "judging" },
  retry: { state: "retry", outcome: { ...RETRY, hint: "follow_prompts" } },
  "retry-light": { state: "retry", outcome: { ...RETRY, hint: "less_light" } },
  restarting: { state: "restarting", interruption: "face_left" },
  "restarting-light": { state: "restarting", interruption: "slow", uneven: true, opened: ALLOWED },
  "position-uneven": { state: "position", tip: "hold_still", uneven: true, opened: ALLOWED },
  paused: { state: "paused" },
  "leave-ask": { state: "leave_ask" },
  trouble: { state: "trouble", problem: "unreachable" },
  "trouble-other": { state: "trouble", problem: "internal" },
  passed: { state: "passed", redirectUrl: "https://shop.example/" },
  "passed-stay": { state: "passed" },
  failed: { state: "failed", redirectUrl: "https://shop.example/" },
  expired: { state: "expired" },
  unknown: { state: "expired", opened: null, problem: "token_unknown" },
  used: { state: "passed", opened: null, problem: "session_finished", redirectUrl: "https://shop.example/" },
  left: { state: "left", redirectUrl: "https://shop.example/" },
  "failed-brand": { state: "failed", redirectUrl: "https://shop.example/", brand: BRAND },
  "failed-brand-long": { state: "failed", redirectUrl: "https://shop.example/", brand: LONG },
  "expired-brand": { state: "expired", brand: FROM_RIGHT },
  "left-brand": { state: "left", brand: BRAND },
  "timed-out": { state: "timed_out" },
  unsupported: { state: "unsupported", unsupported: "no_camera_api", opened: null },
  "in-app": { state: "unsupported", unsupported: "in_app", opened: null },
  insecure: { state: "unsupported", unsupported: "insecure", opened: null },
  handoff: { state: "handoff", handoffCode: "wQrefHHurD5Ugv0qJ5apd6TB" },
  offline: { state: "judging", online: false },
  idle: { state: "retry", idleLeft: 12, outcome: { ...RETRY, hint: "no_face" } },
};

declare global {
  interface Window {
    stories: string[];
    agreed: [text: string, language: string];
    lay: (name: string, lang: string) => Promise<void>;
    show: (name: string, looks?: { theme?: string; lang?: string; brand?: string }) => Promise<void>;
  }
}
window.stories = Object.keys(STORIES);

/** A company's picture: dark letters on nothing, as most are. */
function logo(width: number, height: number): string {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = "#7a1fa2";
  context.fillRect(0, 0, height, height);
  context.fillStyle = "#14181f";
  context.font = `bold ${0.8 * height}px sans-serif`;
  context.fillText("ACME Savings", 1.2 * height, 0.8 * height);
  return canvas.toDataURL();
}

/** What somebody photographed. */
function photo(): string {
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 216 });
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = "#8d775f";
  context.fillRect(0, 0, 320, 216);
  context.fillStyle = "#dfe8ea";
  context.fillRect(22, 22, 276, 172);
  return canvas.toDataURL();
}

/** Somebody in front of the camera, as far as a few ellipses go. */
function picture(): HTMLVideoElement {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 640, height: 480 });
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const draw = (): void => {
    context.fillStyle = "#b9c3cf";
    context.fillRect(0, 0, 640, 480);
    const ellipse = (x: number, y: number, rx: number, ry: number, colour: string): void => {
      context.fillStyle = colour;
      context.beginPath();
      context.ellipse(x, y, rx, ry, 0, 0, 7);
      context.fill();
    };
    ellipse(320, 470, 190, 130, "#40566f");
    ellipse(320, 225, 112, 150, "#4a3627");
    ellipse(320, 250, 96, 128, "#d9a987");
    for (const x of [284, 356]) ellipse(x, 232, 9, 6, "#33261d");
    ellipse(320, 310, 30, 8, "#a8605a");
  };
  draw();
  setInterval(draw, 200);
  const video = document.createElement("video");
  Object.assign(video, { muted: true, playsInline: true, autoplay: true, srcObject: canvas.captureStream(5) });
  return video;
}

customElements.define("openekyc-capture", OpenekycCapture);
const element = document.createElement("openekyc-capture") as OpenekycCapture;
const video = picture();
const nothing = (): void => {};
// As much of a capture as the screens look at.
element.capture = {
  video,
  thresholds: fitted(OPENED.thresholds, 4 / 3),
  get lightTroubles() {
    return element.view?.uneven ?? false;
  },
  ...{
    alive: nothing,
    send: nothing,
    dispose: nothing,
    force: nothing,
    cannot: nothing,
    choose: nothing,
    declineLight: nothing,
    agree: nothing,
  },
  agree: (...said: [string, string]) => {
    window.agreed = said;
  },
  documents: { shoot: nothing, upload: nothing, edit: nothing, retake: nothing },
} as never;
element.addEventListener("openekyc-language", (event) => {
  const { language, direction } = (event as CustomEvent<{ language: string; direction: string }>).detail;
  document.documentElement.lang = language;
  document.documentElement.dir = direction;
  document.documentElement.dataset["spoken"] = language;
});

/** Have one screen laid out, to be measured: nothing waits for it to be painted. */
window.lay = async (name, lang) => {
  element.language = lang;
  element.brand = "";
  element.view = { ...BASE, ...STORIES[name] };
  await element.updateComplete;
  for (let turn = 0; element.spoken !== lang && turn < 200; turn++) await new Promise((resolve) => setTimeout(resolve));
  await element.updateComplete;
};

/** Show one screen; resolves when it is painted. */
window.show = async (name, { theme = "light", lang = "en", brand = "" } = {}) => {
  element.language = lang;
  element.theme = theme === "dark" ? "dark" : "light";
  element.brand = brand || (STORIES[name]?.brand?.color ?? "");
  element.view = { ...BASE, ...STORIES[name] };
  document.body.style.background = theme === "dark" ? "#101318" : "#fff";
  while (document.documentElement.dataset["spoken"] !== lang) await new Promise((resolve) => requestAnimationFrame(resolve));
  await element.updateComplete;
  const frame = element.shadowRoot?.querySelector<HTMLElement>(".frame");
  if (frame) frame.style.backgroundColor = name === "light-running" ? "rgb(255, 64, 255)" : "";
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
};

const main = document.createElement("main");
main.append(element);
document.body.append(main);
const query = new URLSearchParams(location.search);
await Promise.race([video.play().catch(nothing), new Promise((resolve) => setTimeout(resolve, 1000))]);
await window.show(query.get("story") ?? "intro", Object.fromEntries(query));
document.documentElement.dataset["ready"] = "1";
