/** The capture protocol's messages, as `/capture/v1/openapi.json` describes them. Times named `*_ms` are milliseconds. */

export const GESTURES = ["blink", "mouth", "nod", "shake"] as const;
export type Gesture = (typeof GESTURES)[number];
export type Box = [x: number, y: number, width: number, height: number];
export type Rgb = [red: number, green: number, blue: number];

/** Who is capturing: the client's word only. */
export interface ClientInfo {
  sdk: string;
  version: string;
  capabilities: string[];
  screen: { width: number; height: number; pixel_ratio: number };
  camera: CameraInfo;
  language: string;
  reduced_motion: boolean;
}

export interface CameraInfo {
  label: string;
  width: number;
  height: number;
  rate: number;
}

/** What the positioning hints aim at; shares of the frame, luma 0..255. The server judges by its own measurements. */
export interface Thresholds {
  oval: Box;
  face_width_min: number;
  face_width_max: number;
  luma_min: number;
  luma_max: number;
}

export interface Limits {
  recording_max_bytes: number;
  recording_max_s: number;
  recording_max_slices: number;
  trace_max_bytes: number;
  trace_max_batches: number;
  attempt_idle_s: number;
  attempt_total_s: number;
  tail_ms: number;
}

/** How the page should look and where it leads, by the integrator's wish. */
export interface PageTerms {
  redirect_url: string;
  skip_intro: boolean;
  skip_result: boolean;
  skip_consent: boolean;
  hide_progress: boolean;
  theme_color: string;
  language: string;
  public_url: string;
  embed_origins: string[];
}

/** Who asks, as the operator describes them; whatever is not set is "". */
export interface Brand {
  name: string;
  logo: string; // a path on the server
  color: string; // #rrggbb
  purpose: string;
  kept: string; // how long data are kept
  privacy_url: string; // https
  terms_url: string; // https
  support: string; // mailto:, tel: or https:
  consent: Partial<Record<string, string>>; // own text by language
}

/** What the person may do beside following the steps. */
export interface Policy {
  no_light: boolean;
  other_gesture: boolean;
  handoff: "offer" | "off";
  idle_s: number;
  session_s: number;
  restarts_left: number;
}

export type Side = "front" | "back";

export interface DocumentPlan {
  kind: string;
  title: string;
  sides: Side[];
  shutter: "manual" | "auto_manual" | "auto";
  auto_timeout_ms: number;
  upload: boolean;
  review: boolean;
  editable: boolean;
  fields: string[];
  done_sides: Side[];
  confirmed: boolean;
  retakes_left: number;
}

/** What may be wrong with a picture of a document. */
export const CARD_HINTS = [
  "blur",
  "glare",
  "border",
  "too_small",
  "not_a_card",
  "wrong_kind",
  "wrong_side",
  "no_portrait",
  "photocopy",
  "screen",
  "unreadable",
  "not_accepted", // sharp, but not good for this person: why, only the integrator learns
] as const;
export type CardHint = (typeof CARD_HINTS)[number];

export interface CardField {
  name: string;
  value: string; // "" = not read
  editable: boolean;
}

/** How one side of the document is. */
export interface CardAnswer {
  state: "none" | "reading" | "accepted" | "retake" | "refused";
  hints: CardHint[];
  retakes_left: number;
  fields: CardField[];
}

export type OutcomeState = "waiting" | "pass" | "retry" | "fail" | "expired";

export const HINTS = [
  "no_face",
  "one_person_only",
  "move_closer",
  "move_back",
  "hold_still",
  "more_light",
  "less_light",
  "face_covered",
  "follow_prompts",
  "keep_facing_screen",
  "recording_incomplete",
  "hold_upright",
  "recording_unsupported",
  "recording_damaged",
  "recording_too_short",
  "recording_too_long",
  "recording_too_few_frames",
  "try_again",
] as const;
/** After an attempt: the document may be photographed again. */
export const NOT_ACCEPTED = "document_not_accepted";
/** A tip for the next attempt; "" if there is none. */
export type Hint = "" | (typeof HINTS)[number] | typeof NOT_ACCEPTED;

export interface Outcome {
  state: OutcomeState;
  hint: Hint;
  attempts_left: number;
  sandbox: boolean;
}

export interface Opened {
  state: OutcomeState;
  attempts_left: number;
  level: 1 | 2 | 3 | 4;
  light: boolean;
  liveness: boolean; // false: nothing but the document
  sandbox: boolean;
  thresholds: Thresholds;
  limits: Limits;
  begin_by: number;
  server_ms: number;
  page: PageTerms;
  policy: Policy;
  document: DocumentPlan | null;
  brand: Brand;
}

export type PlannedStep =
  | { kind: "hold"; duration_ms: number }
  | { kind: "gesture"; gesture: Gesture; times: number; wait_ms: number; window_ms: number }
  | { kind: "light"; colours: number; duration_ms: number };

export interface Begun {
  attempt: number;
  nonce: string;
  steps: PlannedStep[];
  attempts_left: number;
  submit_by: number;
}

export interface Colour {
  red: number;
  green: number;
  blue: number;
  duration_ms: number;
}

/** One camera frame as the page saw it; colours are mean 8-bit sRGB. */
export interface FrameSample {
  now_ms: number;
  rgb: Rgb;
  media_s?: number;
  capture_ms?: number;
  face_rgb?: Rgb;
  background_rgb?: Rgb;
  box?: Box;
  signs?: Record<string, number>;
}

export interface StepMark {
  index: number;
  begin_ms: number;
  end_ms: number;
  prompt_ms?: number;
}

export interface ColourMark {
  index: number;
  set_ms: number;
  painted_ms: number;
}

/** For another device: the code is exchanged for the session once, within so many seconds. */
export interface Handoff {
  handoff_code: string;
  seconds: number;
}

export interface Ping {
  sent_ms: number;
  server_ms: number;
  received_ms: number;
}

export interface TraceBatch {
  sequence: number;
  frames: FrameSample[];
  steps: StepMark[];
  colours: ColourMark[];
  pings: Ping[];
  recorder_started_ms?: number;
}

export type RestartReason = "face_left" | "page_hidden" | "connection" | "orientation" | "camera" | "unable";
export type EndReason = "left" | "timed_out";

export interface Problem {
  problem: string;
  detail: string;
  remedy: string;
  received?: number;
  redirect_url?: string;
  brand?: Partial<Brand>;
}

export const NO_BRAND: Brand = {
  name: "",
  logo: "",
  color: "",
  purpose: "",
  kept: "",
  privacy_url: "",
  terms_url: "",
  support: "",
  consent: {},
};
const PAGE: PageTerms = {
  redirect_url: "",
  skip_intro: false,
  skip_result: false,
  skip_consent: false,
  hide_progress: false,
  theme_color: "",
  language: "",
  public_url: "",
  embed_origins: [],
};
const POLICY: Policy = { no_light: false, other_gesture: false, handoff: "off", idle_s: 60, session_s: 0, restarts_left: 0 };

/** An answer of any server version: what an older one leaves out gets its careful default. */
export function complete(answer: Partial<Opened> & Omit<Opened, "page" | "policy" | "document" | "liveness" | "brand">): Opened {
  return {
    ...answer,
    liveness: answer.liveness ?? true,
    page: { ...PAGE, ...answer.page },
    policy: { ...POLICY, ...answer.policy },
    document: answer.document ?? null,
    brand: whoAsks(answer.brand),
  };
}

/** A brand with nothing missing. Addresses of another kind than expected are left out: they become links. */
export function whoAsks(answer: Partial<Brand> = {}): Brand {
  const brand = { ...NO_BRAND, ...answer };
  const only = (kind: RegExp, address: string): string => (kind.test(address) ? address : "");
  return {
    ...brand,
    logo: only(/^\/[^/]/, brand.logo),
    privacy_url: only(/^https:/, brand.privacy_url),
    terms_url: only(/^https:/, brand.terms_url),
    support: only(/^(https|mailto|tel):/, brand.support),
  };
}
