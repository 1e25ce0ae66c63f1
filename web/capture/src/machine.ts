/**
 * The journey as one table: (state, event) -> state. Nothing here knows a browser; `capture.ts` runs what each state does.
 *
 * Events in capitals come from outside (the person, the camera, the server); a state that waits for none of them is a dead end, and the
 * test that walks this table finds it.
 */

export const STATES = [
  "boot",
  "unsupported",
  "handoff",
  "intro",
  "agreeing",
  "camera_ask",
  "camera_help",
  "document_intro",
  "document_frame",
  "document_wait",
  "document_review",
  "document_confirm",
  "position",
  "starting",
  "hold",
  "gesture",
  "light",
  "tail",
  "uploading",
  "judging",
  "retry",
  "restarting",
  "paused",
  "leave_ask",
  "trouble",
  "passed",
  "failed",
  "expired",
  "left",
  "timed_out",
  "gone",
] as const;
export type State = (typeof STATES)[number];

export type EventName =
  | "OPENED" // the session is open and waits for an attempt
  | "OPENED_SKIP" // the same, and the integrator wants no introduction
  | "UNSUPPORTED"
  | "HANDOFF"
  | "BACK"
  | "AGREE" // to go on, where nothing was asked to agree to
  | "CONSENT" // to the text on the screen
  | "CONSENT_KEPT"
  | "CAMERA_READY"
  | "CAMERA_FAULT"
  | "DOCUMENT" // a document has to be shown first
  | "READING" // a photo of it is being read already
  | "SHOT"
  | "RETAKE"
  | "READ"
  | "CONFIRM"
  | "NEXT_SIDE"
  | "DOCUMENT_DONE"
  | "STEADY"
  | "HOLD"
  | "GESTURE"
  | "LIGHT"
  | "TAIL"
  | "RECORDED"
  | "SUBMITTED"
  | "INTERRUPTED" // the attempt cannot go on: the face left, a call came in, the connection was lost ...
  | "RESTARTED"
  | "HIDDEN"
  | "VISIBLE"
  | "PASS"
  | "RETRY"
  | "FAIL"
  | "EXPIRED"
  | "AGAIN"
  | "CANCEL"
  | "STAY"
  | "LEAVE"
  | "TIME_OUT"
  | "TROUBLE"
  | "FINISH";

type Moves = Partial<Record<EventName, State>>;

/** Where a capture is running: what disturbs it gives the attempt up and begins another. */
export const RUNNING: readonly State[] = ["starting", "hold", "gesture", "light", "tail"];
/** Nothing more happens here but going. */
export const ENDS: readonly State[] = ["passed", "failed", "expired", "left", "timed_out"];
/** Where the camera may be on; every other state switches it off. */
export const CAMERA: readonly State[] = [
  ...["camera_ask", "document_intro", "document_frame", "document_wait"],
  ...["position", ...RUNNING, "uploading", "judging", "retry", "restarting", "leave_ask"],
] as State[];

/** Possible everywhere but in the ends; a state's own line goes first. */
const ALWAYS: Moves = { CANCEL: "leave_ask", TIME_OUT: "timed_out", EXPIRED: "expired", TROUBLE: "trouble" };

const VERDICT: Moves = { PASS: "passed", RETRY: "retry", FAIL: "failed" };
const STEPS: Moves = {
  HOLD: "hold",
  GESTURE: "gesture",
  LIGHT: "light",
  TAIL: "tail",
  RECORDED: "uploading",
  INTERRUPTED: "restarting",
  HIDDEN: "restarting",
  ...VERDICT,
};
const START: Moves = { OPENED: "intro", OPENED_SKIP: "camera_ask", ...VERDICT };

const TABLE: Record<State, Moves> = {
  boot: { ...START, UNSUPPORTED: "unsupported", SUBMITTED: "judging" },
  unsupported: { AGAIN: "boot", HANDOFF: "handoff" },
  handoff: { BACK: "boot", PASS: "passed", FAIL: "failed" },
  intro: { AGREE: "camera_ask", CONSENT: "agreeing", HANDOFF: "handoff" },
  agreeing: { CONSENT_KEPT: "camera_ask", ...VERDICT },
  camera_ask: {
    CAMERA_READY: "position",
    CAMERA_FAULT: "camera_help",
    DOCUMENT: "document_intro",
    READING: "document_wait",
    READ: "document_review",
    HIDDEN: "paused",
    ...VERDICT,
  },
  camera_help: { AGAIN: "camera_ask", HANDOFF: "handoff" },
  document_intro: {
    AGREE: "document_frame",
    SHOT: "document_wait", // a file from the album
    RETAKE: "document_intro",
    HANDOFF: "handoff",
    HIDDEN: "paused",
    CAMERA_FAULT: "camera_help",
  },
  document_frame: {
    SHOT: "document_wait",
    RETAKE: "document_intro",
    AGAIN: "document_frame",
    HIDDEN: "paused",
    CAMERA_FAULT: "camera_help",
  },
  document_wait: {
    RETAKE: "document_intro",
    NEXT_SIDE: "document_intro",
    READ: "document_review",
    DOCUMENT_DONE: "camera_ask",
    ...VERDICT,
  },
  document_review: { RETAKE: "document_intro", CONFIRM: "document_confirm", ...VERDICT },
  document_confirm: { DOCUMENT_DONE: "camera_ask", ...VERDICT },
  position: { STEADY: "starting", HIDDEN: "paused", CAMERA_FAULT: "camera_help", AGAIN: "camera_ask" },
  starting: STEPS,
  hold: STEPS,
  gesture: STEPS,
  light: STEPS,
  tail: STEPS,
  uploading: { SUBMITTED: "judging", INTERRUPTED: "restarting", ...VERDICT },
  judging: { ...VERDICT },
  retry: { AGAIN: "camera_ask", RETAKE: "document_intro", HANDOFF: "handoff" },
  restarting: { RESTARTED: "camera_ask", HIDDEN: "paused", ...VERDICT },
  paused: { VISIBLE: "camera_ask" },
  leave_ask: { LEAVE: "left", STAY: "boot", CANCEL: "boot", ...VERDICT },
  trouble: { AGAIN: "boot" },
  passed: { FINISH: "gone" },
  failed: { FINISH: "gone" },
  expired: { FINISH: "gone" },
  left: { FINISH: "gone", AGAIN: "boot" },
  timed_out: { FINISH: "gone", AGAIN: "boot" },
  gone: {},
};

/** Events that only the person sends; each of their states shows a control for them. */
export const PERSON: readonly EventName[] = [
  "HANDOFF",
  "BACK",
  "AGREE",
  "CONSENT",
  "SHOT",
  "RETAKE",
  "CONFIRM",
  "AGAIN",
  "CANCEL",
  "STAY",
  "LEAVE",
  "FINISH",
];

/** Where `event` leads from `state`; null if it means nothing there (late timers, double clicks). */
export function next(state: State, event: EventName): State | null {
  const own = TABLE[state][event];
  if (own !== undefined) return own;
  return ENDS.includes(state) || state === "gone" ? null : (ALWAYS[event] ?? null);
}

/** Where a person who decides to stay goes on: what was running begins anew, anything else is as it was. */
export function resume(before: State): State {
  if (before === "document_wait") return before; // its photo was sent, or still will be
  return CAMERA.includes(before) && before !== "retry" && before !== "judging" ? "camera_ask" : before;
}

/** Every event that means something in `state`. */
export function moves(state: State): EventName[] {
  const names = new Set([...Object.keys(TABLE[state]), ...Object.keys(ALWAYS)] as EventName[]);
  return [...names].filter((name) => next(state, name) !== null);
}
