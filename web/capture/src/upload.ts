/** The recording's way to the server: slices in order while it is recorded, resumed where the server says it stands. */

import { sleep } from "./time.ts";
import type { AttemptTransport } from "./transport.ts";
import { Refused } from "./transport.ts";

const RETRY_MS = 400;
const PATIENCE_MS = 30_000;
const LEAST_BYTES = 16_384; // smaller pieces wait for the next one, so that a recording stays within the number of slices

export class Upload {
  /** Bytes handed in, and bytes the server has. */
  size = 0;
  sent = 0;
  private readonly attempt: AttemptTransport;
  private readonly signal: AbortSignal;
  private readonly most: number;
  private readonly onProgress: () => void;
  private readonly parts: Blob[] = [];
  private pending: Blob[] = [];
  private running: Promise<void> | null = null;
  private failure: unknown;

  constructor(attempt: AttemptTransport, mostBytes: number, signal: AbortSignal, onProgress: () => void) {
    this.attempt = attempt;
    this.most = mostBytes;
    this.signal = signal;
    this.onProgress = onProgress;
  }

  /** Take the recording's next piece. Uploading goes on in the background; failures come out of `finish`. */
  add(piece: Blob): void {
    if (!piece.size || this.size + piece.size > this.most) return;
    this.size += piece.size;
    this.parts.push(piece);
    this.pending.push(piece);
    if (this.waiting >= LEAST_BYTES) this.start();
  }

  /** Send the rest; SHA-256 of the whole recording in hex. */
  async finish(): Promise<string> {
    while (this.pending.length || this.running) {
      this.start();
      await this.running;
      if (this.failure) throw this.failure;
    }
    return sha256(await bytes(new Blob(this.parts)));
  }

  private get waiting(): number {
    return this.pending.reduce((sum, piece) => sum + piece.size, 0);
  }

  private start(): void {
    if (this.running || this.failure || !this.pending.length) return;
    const piece = new Blob(this.pending);
    this.pending = [];
    this.running = this.put(piece)
      .catch((error: unknown) => {
        this.failure = error;
      })
      .finally(() => {
        this.running = null;
        if (this.waiting >= LEAST_BYTES) this.start();
      });
  }

  private async put(piece: Blob): Promise<void> {
    const data = await bytes(piece);
    const begin = this.sent;
    const until = performance.now() + PATIENCE_MS;
    while (this.sent < begin + data.length) {
      const rest = data.subarray(this.sent - begin);
      try {
        this.accept(await this.attempt.putSlice(this.sent, rest, await sha256(rest), this.signal), begin, data.length);
      } catch (error) {
        if (!(error instanceof Refused) || !(error.passing || error.received !== undefined)) throw error;
        if (performance.now() > until) throw error;
        await sleep(RETRY_MS, this.signal);
        this.accept(error.received ?? (await this.attempt.received(this.signal)), begin, data.length);
      }
    }
  }

  private accept(received: number, begin: number, length: number): void {
    if (received < begin || received > begin + length) {
      throw new Refused({ problem: "offset_wrong", detail: `The server holds ${received} bytes.`, remedy: "Begin again." }, 409);
    }
    this.sent = received;
    this.onProgress();
  }
}

async function bytes(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}

async function sha256(data: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
