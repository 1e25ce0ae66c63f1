/** The page's end of the tracker worker. While the worker is busy, frames are left out. */

import type { Seen } from "../face.ts";
import type { FromWorker, ToWorker } from "./link.ts";

const STUCK_MS = 8000;
/** Longer side in pixels of what is looked at: the networks see 256 at most, and handing over a whole frame costs as much as looking. */
const SIDE = 384;
/** Frames under way: one is looked at while the next is being fetched from the video. */
const UNDER_WAY = 2;

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
  /** When the frames that are under way were shown. */
  private underWay: number[] = [];
  private lastAt = 0;
  private people = 2;

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

  /** How many faces to look for: with one, a face that is followed need not be searched for in every frame, a third of the cost. */
  expect(people: number): void {
    if (people === this.people) return;
    this.people = people;
    if (this.state === "ready") this.tell({ kind: "expect", people });
  }

  /** Look at the frame the video shows, if the worker keeps up. `at` must rise. */
  offer(video: HTMLVideoElement, at: number): void {
    if (this.state !== "ready") return;
    if (at - (this.underWay[0] ?? at) > STUCK_MS) return this.fail();
    if (this.underWay.length >= UNDER_WAY || at - this.lastAt < this.pauseMs) return;
    this.lastAt = Math.max(at, this.lastAt + 1);
    const shown = this.lastAt;
    this.underWay.push(shown);
    smaller(video).then(
      (frame) => this.tell({ kind: "frame", frame, at: shown }, [frame]),
      () => this.done(shown), // the video had no picture yet
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
        this.tell({ kind: "expect", people: this.people });
        return this.become("ready");
      case "failed":
        return this.fail();
      case "seen":
        this.done(message.seen.at);
        this.latest = message.seen;
        this.onSeen(message.seen);
    }
  }

  private done(shown: number): void {
    this.underWay = this.underWay.filter((at) => at > shown);
  }

  private fail(): void {
    this.worker?.terminate();
    this.worker = null;
    this.latest = null;
    this.underWay = [];
    this.become("failed");
  }

  private become(state: TrackerState): void {
    this.state = state;
    this.onState();
  }
}

function smaller(video: HTMLVideoElement): Promise<ImageBitmap> {
  const { videoWidth: width, videoHeight: height } = video;
  const share = Math.min(1, SIDE / Math.max(width, height));
  return createImageBitmap(video, { resizeWidth: Math.round(width * share), resizeHeight: Math.round(height * share) });
}
