/** The headless core, for pages that bring their own face. */

export type { StepView } from "./attempt.ts";
export { Capture, type CaptureOptions, type Memory, type View } from "./capture.ts";
export { LANGUAGES, type Language } from "./language.ts";
export { type EventName, moves, next, STATES, type State } from "./machine.ts";
export type { Hint, Opened, Outcome } from "./messages.ts";
export { trackerFiles } from "./tracker/files.ts";
export { Refused, Transport } from "./transport.ts";
