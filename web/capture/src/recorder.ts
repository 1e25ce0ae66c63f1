/** Recording the camera: a format that was seen to work on this device, and slices while it runs. */

import { sleep, unless } from "./time.ts";

/**
 * H.264 in WebM first: its slices come on time and it keeps the most frames on a loaded machine; VP8 next; MP4 for Safari, whose pieces come
 * late but whole.
 */
export const FORMATS = [
  "video/webm;codecs=h264",
  "video/webm;codecs=vp8",
  "video/mp4;codecs=avc1.42E01F",
  "video/mp4",
  "video/webm",
] as const;
const TRIAL_MS = 350;
const SLICE_MS = 400;
const STOP_MS = 4000;

export function supportedFormats(): string[] {
  if (typeof MediaRecorder === "undefined") return [];
  return FORMATS.filter((format) => MediaRecorder.isTypeSupported(format));
}

/** The first format in which a short trial recording has bytes: some encoders fail silently. Null if none has. */
export async function workingFormat(stream: MediaStream, signal: AbortSignal): Promise<string | null> {
  for (const format of supportedFormats()) {
    if (await trial(stream, format, signal)) return format;
  }
  return null;
}

async function trial(stream: MediaStream, format: string, signal: AbortSignal): Promise<boolean> {
  try {
    let size = 0;
    const recorder = new Recorder(stream, format, 1_000_000, (piece) => {
      size += piece.size;
    });
    await recorder.start(signal);
    await sleep(TRIAL_MS, signal);
    await recorder.stop();
    return size > 0;
  } catch (error) {
    if (signal.aborted) throw error;
    return false;
  }
}

export class Recorder {
  private readonly recorder: MediaRecorder;

  constructor(stream: MediaStream, format: string, bitsPerSecond: number, onSlice: (piece: Blob) => void) {
    this.recorder = new MediaRecorder(stream, { mimeType: format, videoBitsPerSecond: bitsPerSecond });
    this.recorder.addEventListener("dataavailable", (event) => onSlice(event.data));
  }

  /** Resolves with the moment the recorder says it started; that moment is a guess, the trace tells better. */
  start(signal: AbortSignal): Promise<number> {
    const started = new Promise<number>((resolve, reject) => {
      this.recorder.addEventListener("start", () => resolve(performance.now()), { once: true });
      this.recorder.addEventListener("error", () => reject(new Error("The recorder failed.")), { once: true });
    });
    this.recorder.start(SLICE_MS);
    return unless(signal, started);
  }

  /** Resolves when the last slice was handed out. */
  async stop(): Promise<void> {
    if (this.recorder.state === "inactive") return;
    const stopped = new Promise<void>((resolve) => this.recorder.addEventListener("stop", () => resolve(), { once: true }));
    this.recorder.stop();
    await Promise.race([stopped, sleep(STOP_MS)]);
  }
}
