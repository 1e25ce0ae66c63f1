/** The trace: what the page did and saw, sent in batches beside the recording. */

import type { ColourMark, FrameSample, Ping, StepMark, TraceBatch } from "./messages.ts";
import { sleep } from "./time.ts";
import type { AttemptTransport } from "./transport.ts";

const EVERY_MS = 500;

export class Report {
  frames = 0;
  private readonly attempt: AttemptTransport;
  private readonly signal: AbortSignal;
  private readonly mostBatches: number;
  private next: Omit<TraceBatch, "sequence"> = empty();
  private sequence = 0;
  private sending: Promise<void> = Promise.resolve();
  private failure: unknown;

  constructor(attempt: AttemptTransport, mostBatches: number, signal: AbortSignal) {
    this.attempt = attempt;
    this.signal = signal;
    this.mostBatches = mostBatches;
  }

  frame(sample: FrameSample): void {
    this.frames += 1;
    this.next.frames.push(sample);
  }

  step(mark: StepMark): void {
    this.next.steps.push(mark);
  }

  colour(mark: ColourMark): void {
    this.next.colours.push(mark);
  }

  ping(ping: Ping): void {
    this.next.pings.push(ping);
  }

  started(recorder_started_ms: number): void {
    this.next.recorder_started_ms = recorder_started_ms;
  }

  /** Send what gathers, until the signal aborts or `finish` is called. */
  async run(): Promise<void> {
    while (!this.signal.aborted && !this.failure && this.sequence < this.mostBatches - 8) {
      await sleep(EVERY_MS, this.signal);
      this.flush();
      await this.sending;
    }
  }

  /** Send the rest and wait until everything has arrived. */
  async finish(): Promise<void> {
    this.flush();
    await this.sending;
    if (this.failure) throw this.failure;
  }

  private flush(): void {
    const { frames, steps, colours, pings } = this.next;
    if (!frames.length && !steps.length && !colours.length && !pings.length) return;
    const batch = { sequence: this.sequence, ...this.next };
    this.sequence += 1;
    this.next = empty();
    this.sending = this.sending
      .then(() => this.attempt.trace(batch, this.signal))
      .then(() => {})
      .catch((error: unknown) => {
        this.failure ??= error;
      });
  }
}

function empty(): Omit<TraceBatch, "sequence"> {
  return { frames: [], steps: [], colours: [], pings: [] };
}
