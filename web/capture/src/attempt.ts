/** One attempt: record the camera while the steps run, report what was done when, hand the recording over. */

import type { Face, Seen } from "./face.ts";
import { GestureWatch, Resting } from "./gestures.ts";
import { shine } from "./light.ts";
import type { Gesture, Opened, PlannedStep, RestartReason, Thresholds } from "./messages.ts";
import { away } from "./position.ts";
import { Recorder } from "./recorder.ts";
import { Report } from "./report.ts";
import { type Sample, traced } from "./sampler.ts";
import { frame, now, sleep, unless } from "./time.ts";
import { type AttemptTransport, Refused, type Transport } from "./transport.ts";
import { Upload } from "./upload.ts";

const PING_MS = 1000;
const LEAD_MS = 250; // recorded before the first step
const LIGHT_READY_MS = 900; // to read "colours follow"
const COLOURS_LATE_MS = 6000;
const SEEN_MS = 450; // recorded after a gesture was seen, so that its end is in the recording
const FACE_LOST_MS = 1200;
const FACE_LOST_LIGHT_MS = 500;
const MOST_BITS = 2_500_000;

/** Why an attempt cannot go on: what the server is told, or that the device could not keep the colours' times. */
export type Interruption = RestartReason | "slow";

export class Interrupted extends Error {
  readonly reason: Interruption;

  constructor(reason: Interruption) {
    super(reason);
    this.name = "Interrupted";
    this.reason = reason;
  }
}

/** What the page should show of the step that runs. */
export interface StepView {
  kind: "hold" | "gesture" | "light" | "tail";
  place: number; // of the gesture or light steps, from 1; 0 for holds
  count: number;
  gesture: Gesture | null; // only once prompted
  times: number;
  windowMs: number;
  seen: boolean; // the tracker saw the gesture
  running: boolean; // light: the colours have begun
}

/** What an attempt needs of its surroundings. */
export interface Stage {
  stream: MediaStream;
  format: string;
  thresholds: Thresholds;
  /** Fill the screen with this colour; null: as before. Must act at once, in the same frame. */
  paint: (colour: string | null) => void;
  show: (step: StepView) => void;
  progress: (sent: number, size: number) => void;
}

export class Attempt {
  readonly transport: AttemptTransport;
  private readonly session: Transport;
  private readonly opened: Opened;
  private readonly stage: Stage;
  private readonly control = new AbortController();
  private readonly report: Report;
  private readonly upload: Upload;
  private readonly resting = new Resting();
  private onFace: (face: Face, at: number) => void = () => {};
  private faceAt = 0;
  private shining = false;

  constructor(session: Transport, transport: AttemptTransport, opened: Opened, stage: Stage) {
    this.session = session;
    this.transport = transport;
    this.opened = opened;
    this.stage = stage;
    const { recording_max_bytes, trace_max_batches } = opened.limits;
    this.report = new Report(transport, trace_max_batches, this.signal);
    this.upload = new Upload(transport, recording_max_bytes, this.signal, () => stage.progress(this.upload.sent, this.upload.size));
  }

  get signal(): AbortSignal {
    return this.control.signal;
  }

  /** Give it up; what runs rejects with `Interrupted`. */
  interrupt(reason: Interruption): void {
    this.control.abort(new Interrupted(reason));
  }

  /** The connection was lost: only the light step cannot bridge that. */
  offline(): void {
    if (this.shining) this.interrupt("connection");
  }

  frame(sample: Sample): void {
    if (!this.signal.aborted) this.report.frame(traced(sample));
  }

  seen(seen: Seen): void {
    const face = seen.faces[0];
    const gone = !face || (this.shining && away(face, this.stage.thresholds));
    if (!gone) {
      this.faceAt = seen.at;
      this.onFace(face, seen.at);
    } else if (this.faceAt && seen.at - this.faceAt > (this.shining ? FACE_LOST_LIGHT_MS : FACE_LOST_MS)) this.interrupt("face_left");
  }

  /** Run all steps in front of the running recorder. */
  async record(): Promise<void> {
    const { recording_max_bytes, recording_max_s, tail_ms } = this.opened.limits;
    const bits = Math.min(MOST_BITS, (0.85 * 8 * recording_max_bytes) / recording_max_s);
    const recorder = new Recorder(this.stage.stream, this.stage.format, bits, (piece) => this.upload.add(piece));
    try {
      this.report.started(await recorder.start(this.signal));
      void this.report.run().catch(() => {});
      void this.pings().catch(() => {});
      this.faceAt = now();
      await sleep(LEAD_MS, this.signal);
      await this.steps();
      this.show({ kind: "tail" });
      await sleep(tail_ms, this.signal);
    } finally {
      this.stage.paint(null);
      await recorder.stop();
    }
  }

  /** Upload the rest and hand it over for judgement. */
  async submit(): Promise<void> {
    const [sha256] = await unless(this.signal, Promise.all([this.upload.finish(), this.report.finish()]));
    await this.transport.finish(this.upload.size, sha256, this.report.frames, this.signal);
  }

  private async steps(): Promise<void> {
    const { steps } = this.transport.begun;
    const counted: PlannedStep[] = steps.filter((step) => step.kind !== "hold");
    for (const [index, step] of steps.entries()) {
      const begin_ms = now();
      const place = { place: counted.indexOf(step) + 1, count: counted.length };
      const mark = await this.step(step, place);
      this.report.step({ index, begin_ms, end_ms: now(), ...mark });
    }
  }

  private async step(step: PlannedStep, place: { place: number; count: number }): Promise<{ prompt_ms?: number; begin_ms?: number }> {
    switch (step.kind) {
      case "hold":
        this.show({ kind: "hold" });
        this.onFace = (face) => this.resting.add(face);
        await sleep(step.duration_ms, this.signal);
        return {};
      case "gesture":
        return { prompt_ms: await this.gesture(step, place) };
      case "light":
        return { begin_ms: await this.light(place) };
    }
  }

  private async gesture(step: PlannedStep & { kind: "gesture" }, place: { place: number; count: number }): Promise<number> {
    const view = { kind: "gesture" as const, ...place, times: step.times, windowMs: step.window_ms };
    this.show(view);
    await sleep(step.wait_ms, this.signal);
    this.show({ ...view, gesture: step.gesture });
    await frame(this.signal);
    await frame(this.signal);
    const prompt_ms = now();
    const seen = this.watch(step, prompt_ms).then(async () => {
      this.show({ ...view, gesture: step.gesture, seen: true });
      await sleep(SEEN_MS, this.signal);
    });
    await Promise.race([sleep(step.window_ms, this.signal), seen]);
    return prompt_ms;
  }

  /** Resolves when the tracker has seen the gesture; never without a tracker. */
  private watch(step: PlannedStep & { kind: "gesture" }, prompt_ms: number): Promise<void> {
    const watch = new GestureWatch(step.gesture, step.times, this.resting.rest, prompt_ms);
    return new Promise((resolve) => {
      this.onFace = (face, at) => {
        if (!watch.update(face, at)) return;
        this.onFace = () => {};
        resolve();
      };
    });
  }

  private async light(place: { place: number; count: number }): Promise<number> {
    this.onFace = () => {};
    this.show({ kind: "light", ...place });
    const asked = now();
    const colours = await this.transport.light(this.signal);
    if (now() - asked > COLOURS_LATE_MS) throw new Interrupted("connection");
    await sleep(Math.max(0, LIGHT_READY_MS - (now() - asked)), this.signal);
    this.show({ kind: "light", ...place, running: true });
    this.shining = true;
    try {
      const begin_ms = now();
      if (!(await shine(colours, this.stage.paint, (mark) => this.report.colour(mark), this.signal))) throw new Interrupted("slow");
      return begin_ms;
    } finally {
      this.shining = false;
    }
  }

  private async pings(): Promise<void> {
    while (!this.signal.aborted) {
      try {
        this.report.ping(await this.session.ping(now, this.signal));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
      await sleep(PING_MS, this.signal);
    }
  }

  private show(step: Pick<StepView, "kind"> & Partial<StepView>): void {
    this.stage.show({ place: 0, count: 0, gesture: null, times: 1, windowMs: 0, seen: false, running: false, ...step });
  }
}
