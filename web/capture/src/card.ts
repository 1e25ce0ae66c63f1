/**
 * Is a document in the frame, near enough, sharp, still and free of reflections? Looks at a small copy of the frame's part; the server
 * judges the photo itself. Pure.
 */

import type { Box, DocumentPlan } from "./messages.ts";

export const CARD_TIPS = ["fit", "closer", "dark", "glare", "blur", "still"] as const;
export type CardTip = (typeof CARD_TIPS)[number];

export const LOOK_WIDTH = 400; // pixels of the small copy
const MARGIN = 0.08; // around the guide, of its width: the server wants to see the document's edges
const ROOM = 0.98; // of the camera's picture
const SEGMENTS = 5; // of an edge, each found for itself, so that a few degrees askew do not matter
const INWARD = 0.2; // how far inside the guide an edge is looked for
const EDGE = 7; // grey levels across two pixels
const FAR = 0.22; // of the guide, by which a document may be smaller
const DARK = 50;
const SATURATED = 251;
const BLOCK = 8;
const GLARE = 0.02; // of the guide under one saturated blob ...
const WHITE = 0.4; // ... unless it is so large that the paper itself is white
const SHARP = 80; // variance of the Laplacian; text under a blur of 2.5 pixels of 1012 has 90 to 150 here
const MOVED = 5; // grey levels, mean over the thumbnails of two looks
const THUMB = 10;
const STEADY_MS = 800;

/** Width over height: ID-1 cards, and the data page of a passport (ID-3). */
export function form(plan: Pick<DocumentPlan, "kind">): number {
  return plan.kind === "MLIDPassport" ? 125 / 88 : 85.6 / 54;
}

export interface Framing {
  guide: Box; // shares of the camera's picture
  crop: Box; // the guide with its margin: what is photographed
}

/** The largest guide of that form in a picture of this aspect (width over height). */
export function framing(aspect: number, shape: number): Framing {
  const wide = Math.min(ROOM / (1 + 2 * MARGIN), ROOM / aspect / (1 / shape + 2 * MARGIN));
  const centred = (width: number, height: number): Box => [(1 - width) / 2, (1 - height * aspect) / 2, width, height * aspect];
  return { guide: centred(wide, wide / shape), crop: centred(wide * (1 + 2 * MARGIN), wide / shape + 2 * MARGIN * wide) };
}

/** One look: what the small copy of the crop shows. */
export interface Look {
  luma: number;
  sharpness: number;
  glare: number; // share of the guide
  edges: Array<number | null>; // top, bottom, left, right: how far inside the guide, as a share of its height or width
  thumb: Float32Array;
}

export function look(pixels: Uint8ClampedArray, width: number, height: number): Look {
  const grey = new Float32Array(width * height);
  for (let at = 0, from = 0; at < grey.length; at++, from += 4)
    grey[at] = 0.299 * (pixels[from] as number) + 0.587 * (pixels[from + 1] as number) + 0.114 * (pixels[from + 2] as number);
  const margin = Math.round((MARGIN / (1 + 2 * MARGIN)) * width);
  return {
    ...sharpness(grey, width, height, margin),
    glare: glare(pixels, width, height, margin),
    edges: edges(grey, width, height, margin),
    thumb: thumb(grey, width, height),
  };
}

/** Grey value and variance of the Laplacian inside the guide. */
export function sharpness(grey: Float32Array, width: number, height: number, margin: number): { luma: number; sharpness: number } {
  let [light, sum, squares, count] = [0, 0, 0, 0];
  for (let y = margin + 1; y < height - margin - 1; y++) {
    for (let x = margin + 1, at = y * width + x; x < width - margin - 1; x++, at++) {
      const here = grey[at] as number;
      const bend =
        (grey[at - 1] as number) + (grey[at + 1] as number) + (grey[at - width] as number) + (grey[at + width] as number) - 4 * here;
      light += here;
      sum += bend;
      squares += bend * bend;
      count++;
    }
  }
  return { luma: light / count, sharpness: squares / count - (sum / count) ** 2 };
}

/** Share of the guide under its largest blob of saturated blocks. */
function glare(pixels: Uint8ClampedArray, width: number, height: number, margin: number): number {
  const across = Math.floor((width - 2 * margin) / BLOCK);
  const down = Math.floor((height - 2 * margin) / BLOCK);
  const hot = new Uint8Array(across * down);
  for (let block = 0; block < hot.length; block++) {
    const left = margin + (block % across) * BLOCK;
    const top = margin + Math.floor(block / across) * BLOCK;
    let count = 0;
    for (let y = top; y < top + BLOCK; y++)
      for (let at = 4 * (y * width + left), end = at + 4 * BLOCK; at < end; at += 4)
        if (Math.min(pixels[at] as number, pixels[at + 1] as number, pixels[at + 2] as number) >= SATURATED) count++;
    hot[block] = count > 0.6 * BLOCK * BLOCK ? 1 : 0;
  }
  let largest = 0;
  for (let start = 0; start < hot.length; start++) if (hot[start]) largest = Math.max(largest, flood(hot, start, across));
  return largest / hot.length;
}

/** Counts and clears the blob at `start`. */
function flood(hot: Uint8Array, start: number, across: number): number {
  const open = [start];
  hot[start] = 0;
  let size = 0;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    size++;
    const beside = [at - across, at + across, ...(at % across ? [at - 1] : []), ...((at + 1) % across ? [at + 1] : [])];
    for (const near of beside) {
      if (!hot[near]) continue;
      hot[near] = 0;
      open.push(near);
    }
  }
  return size;
}

function edges(grey: Float32Array, width: number, height: number, margin: number): Array<number | null> {
  const [wide, tall] = [width - 2 * margin, height - 2 * margin];
  const upright = (depth: number, along: number): number => grey[depth * width + along] as number;
  const lying = (depth: number, along: number): number => grey[along * width + depth] as number;
  const find = (at: (depth: number, along: number) => number, length: number, size: number, far: boolean): number | null => {
    const total = size + 2 * margin;
    const value = far ? (depth: number, along: number) => at(total - 1 - depth, along) : at;
    const place = edge(value, margin, length, margin + INWARD * size);
    return place === null ? null : (place - margin) / size;
  };
  return [find(upright, wide, tall, false), find(upright, wide, tall, true), find(lying, tall, wide, false), find(lying, tall, wide, true)];
}

/** The outermost line of a side that is an edge in most of its segments; null if there is none. */
function edge(value: (depth: number, along: number) => number, margin: number, length: number, deepest: number): number | null {
  const found: number[] = [];
  const step = (0.84 * length) / SEGMENTS;
  for (let segment = 0; segment < SEGMENTS; segment++) {
    const begin = Math.round(margin + 0.08 * length + segment * step);
    const end = Math.round(begin + step);
    for (let depth = 1; depth < deepest; depth++) {
      let change = 0;
      for (let along = begin; along < end; along++) change += value(depth + 1, along) - value(depth - 1, along);
      if (Math.abs(change) <= EDGE * (end - begin)) continue;
      found.push(depth);
      break;
    }
  }
  return found.length > SEGMENTS / 2 ? (found.sort((a, b) => a - b)[found.length >> 1] as number) : null;
}

function thumb(grey: Float32Array, width: number, height: number): Float32Array {
  const [across, down] = [Math.floor(width / THUMB), Math.floor(height / THUMB)];
  return Float32Array.from({ length: across * down }, (_, place) => {
    const start = Math.floor(place / across) * THUMB * width + (place % across) * THUMB;
    let sum = 0;
    for (let y = 0; y < THUMB; y++) for (let x = 0; x < THUMB; x++) sum += grey[start + y * width + x] as number;
    return sum / THUMB ** 2;
  });
}

/** Follows the looks and says what to change; `null` while everything is right. */
export class CardWatch {
  private last: Float32Array | null = null;
  private since: number | null = null;
  private stillSince: number | null = null;

  /** `steady`: 0..1 of the time it has to be right; `rested`: the same, whatever else is wrong. */
  update(seen: Look, now: number): { tip: CardTip | null; steady: number; rested: number } {
    const moves = this.moves(seen.thumb);
    const tip = wrong(seen) ?? (moves ? "still" : null);
    this.since = tip === null ? (this.since ?? now) : null;
    this.stillSince = moves ? null : (this.stillSince ?? now);
    const share = (since: number | null): number => (since === null ? 0 : Math.min(1, (now - since) / STEADY_MS));
    return { tip, steady: share(this.since), rested: share(this.stillSince) };
  }

  private moves(thumb: Float32Array): boolean {
    const last = this.last;
    this.last = thumb;
    if (!last || last.length !== thumb.length) return true;
    return thumb.reduce((sum, value, place) => sum + Math.abs(value - (last[place] as number)), 0) / thumb.length > MOVED;
  }
}

function wrong({ luma, sharpness, glare, edges }: Look): CardTip | null {
  if (luma < DARK) return "dark";
  if (edges.includes(null)) return "fit"; // or it is cut off on that side
  const [top, bottom, left, right] = edges.map((edge) => edge ?? 0) as [number, number, number, number];
  if (top + bottom > FAR || left + right > FAR) return "closer";
  if (glare > GLARE && glare < WHITE) return "glare";
  return sharpness < SHARP ? "blur" : null;
}
