/** One small copy of every camera frame: its mean colours for the trace, and how light it is on the face. */

import { chromaDistance, type Face, luma } from "./face.ts";
import type { FrameSample, Rgb } from "./messages.ts";

const WIDTH = 64;
const HEIGHT = 48;
const FALLBACK_MS = 33;

/** One frame's colours, and the face they were measured on. */
export interface Sample extends FrameSample {
  faceLuma: number | null;
  mouthChroma: number | null; // distance of mouth and chin from forehead and cheeks, for "your face is covered"
}

type FrameCallback = (now: number, metadata: { mediaTime: number; captureTime?: number }) => void;
type VideoWithFrames = HTMLVideoElement & {
  requestVideoFrameCallback?: (callback: FrameCallback) => number;
};

/** Calls `onFrame` for every frame the video presents, until the signal aborts. */
export function eachFrame(video: HTMLVideoElement, signal: AbortSignal, onFrame: FrameCallback): void {
  const source = video as VideoWithFrames;
  if (source.requestVideoFrameCallback) {
    const step: FrameCallback = (now, metadata) => {
      if (signal.aborted) return;
      source.requestVideoFrameCallback?.(step);
      onFrame(now, metadata);
    };
    source.requestVideoFrameCallback(step);
    return;
  }
  let last = -1;
  const timer = setInterval(() => {
    if (video.currentTime === last) return;
    last = video.currentTime;
    onFrame(performance.now(), { mediaTime: last });
  }, FALLBACK_MS);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

export class Sampler {
  private readonly context: CanvasRenderingContext2D;

  constructor() {
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    this.context = canvas.getContext("2d", { willReadFrequently: true, alpha: false }) as CanvasRenderingContext2D;
  }

  /** Measure the frame the video shows; `face` is where the tracker saw it last. */
  take(video: HTMLVideoElement, now_ms: number, metadata: { mediaTime: number; captureTime?: number }, face: Face | null): Sample {
    this.context.drawImage(video, 0, 0, WIDTH, HEIGHT);
    const pixels = this.context.getImageData(0, 0, WIDTH, HEIGHT).data;
    const sample: Sample = {
      now_ms: round(now_ms, 2),
      rgb: mean(pixels, 0, 0, WIDTH, HEIGHT),
      media_s: round(metadata.mediaTime, 4),
      faceLuma: null,
      mouthChroma: null,
    };
    if (metadata.captureTime !== undefined) sample.capture_ms = round(metadata.captureTime, 2);
    if (face) this.onFace(sample, pixels, face);
    return sample;
  }

  private onFace(sample: Sample, pixels: Uint8ClampedArray, face: Face): void {
    const [x, y, width, height] = face.box;
    sample.box = face.box.map((value) => round(value, 4)) as FrameSample["box"] & {};
    sample.face_rgb = mean(
      pixels,
      (x + 0.2 * width) * WIDTH,
      (y + 0.15 * height) * HEIGHT,
      (x + 0.8 * width) * WIDTH,
      (y + 0.8 * height) * HEIGHT,
    );
    sample.faceLuma = luma(sample.face_rgb);
    const left = x > 1 - x - width;
    sample.background_rgb = left
      ? mean(pixels, 0, 0, (x - 0.3 * width) * WIDTH, 0.6 * HEIGHT)
      : mean(pixels, (x + 1.3 * width) * WIDTH, 0, WIDTH, 0.6 * HEIGHT);
    sample.signs = {
      yaw: round(face.yaw, 1),
      pitch: round(face.pitch, 1),
      eye: round(Math.min(face.eyeLeft, face.eyeRight), 3),
      mouth: round(face.jaw, 3),
    };
    sample.mouthChroma = chromaDistance(median(pixels, face.lower), median(pixels, face.upper));
  }
}

/** What of a sample the trace holds. */
export function traced(sample: Sample): FrameSample {
  const { faceLuma: _luma, mouthChroma: _chroma, ...frame } = sample;
  return frame;
}

function mean(pixels: Uint8ClampedArray, left: number, top: number, right: number, bottom: number): Rgb {
  const [x0, x1] = span(left, right, WIDTH);
  const [y0, y1] = span(top, bottom, HEIGHT);
  const sum: Rgb = [0, 0, 0];
  for (let y = y0; y < y1; y++) {
    for (let at = 4 * (y * WIDTH + x0), end = 4 * (y * WIDTH + x1); at < end; at += 4) {
      sum[0] += pixels[at] as number;
      sum[1] += pixels[at + 1] as number;
      sum[2] += pixels[at + 2] as number;
    }
  }
  const count = (x1 - x0) * (y1 - y0);
  return sum.map((value) => round(value / count, 2)) as Rgb;
}

/** Whole pixels from `low` to `high`, at least one, inside the copy. */
function span(low: number, high: number, size: number): [number, number] {
  const begin = Math.max(0, Math.min(size - 1, Math.round(low)));
  return [begin, Math.max(begin + 1, Math.min(size, Math.round(high)))];
}

function median(pixels: Uint8ClampedArray, points: Array<[number, number]>): Rgb {
  const seen = points.map(([x, y]) => 4 * (span(y * HEIGHT - 0.5, 0, HEIGHT)[0] * WIDTH + span(x * WIDTH - 0.5, 0, WIDTH)[0]));
  return [0, 1, 2].map((channel) => {
    const values = seen.map((at) => pixels[at + channel] as number).sort((a, b) => a - b);
    return values[values.length >> 1] ?? 0;
  }) as Rgb;
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
