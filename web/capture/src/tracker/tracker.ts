/** The page's end of the tracker worker. One frame at a time: while the worker is busy, frames are left out. */

import type { Seen } from "../face.ts";
import type { FromWorker, ToWorker } from "./link.ts";

const STUCK_MS = 8000;

export interface TrackerFiles {
  loader: string;
  binary: string;
  model: string;
  total: number;
  worker: () => Worker;
}

export type TrackerState = "off" | "loading" | "ready" | "failed";

export class Tracker {
  state: TrackerState = "off";
  /** 0..1 while loading. */
  progress = 0;
  latest: Seen | null = null;
  /** Called on every change of `state` and `progress`. */
  onState: () => void = () => {};
  /** Called for every frame looked at. */
  onSeen: (seen: Seen) => void = () => {};
  /** Least time between two frames looked at: as fast as it can for gestures, seldom where only presence counts. */
  pauseMs = 0;
  private worker: Worker | null = null;
  private busySince = 0;
  private lastAt = 0;

  /** Load it; called while the person reads the first screen. Failing is a state, not an error. */
  load(files: TrackerFiles): void {
    if (this.state === "loading" || this.state === "ready") return;
    this.become("loading");
    try {
      this.worker = files.worker();
    } catch {
      this.become("failed");
      return;
    }
    this.worker.addEventListener("message", (event: MessageEvent<FromWorker>) => this.hear(event.data));
    this.worker.addEventListener("error", () => this.fail());
    const { loader, binary, model, total } = files;
    this.tell({ kind: "load", loader, binary, model, total });
  }

  /** Look at the frame the video shows, if nothing is being looked at. `at` must rise. */
  offer(video: HTMLVideoElement, at: number): void {
    if (this.state !== "ready") return;
    if (this.busySince) {
      if (at - this.busySince > STUCK_MS) this.fail();
      return;
    }
    if (at - this.lastAt < this.pauseMs) return;
    this.busySince = at;
    createImageBitmap(video).then(
      (frame) => {
        this.lastAt = Math.max(at, this.lastAt + 1);
        this.tell({ kind: "frame", frame, at: this.lastAt }, [frame]);
      },
      () => {
        this.busySince = 0; // the video had no picture yet
      },
    );
  }

  /** The face seen last, unless that is long ago. */
  face(now: number, withinMs = 400): Seen["faces"][number] | null {
    return this.latest && now - this.latest.at <= withinMs ? (this.latest.faces[0] ?? null) : null;
  }

  stop(): void {
    this.worker?.terminate();
    this.worker = null;
    this.latest = null;
    this.become("off");
  }

  private tell(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker?.postMessage(message, transfer);
  }

  private hear(message: FromWorker): void {
    switch (message.kind) {
      case "progress":
        this.progress = message.share;
        return this.onState();
      case "ready":
        this.progress = 1;
        return this.become("ready");
      case "failed":
        return this.fail();
      case "seen":
        this.busySince = 0;
        this.latest = message.seen;
        this.onSeen(message.seen);
    }
  }

  private fail(): void {
    this.worker?.terminate();
    this.worker = null;
    this.latest = null;
    this.busySince = 0;
    this.become("failed");
  }

  private become(state: TrackerState): void {
    this.state = state;
    this.onState();
  }
}
