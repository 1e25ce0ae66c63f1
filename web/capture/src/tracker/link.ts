import type { Seen } from "../face.ts";

/** What page and tracker worker say to each other. */
export type ToWorker =
  | { kind: "load"; loader: string; binary: string; model: string; total: number }
  | { kind: "expect"; people: number }
  | { kind: "frame"; frame: ImageBitmap; at: number };

export type FromWorker =
  | { kind: "progress"; share: number }
  | { kind: "ready" }
  | { kind: "failed"; reason: string }
  | { kind: "seen"; seen: Seen };
