/** What the tracker says about one frame, and the arithmetic on it. Pure. */

import type { Box, Rgb } from "./messages.ts";

export interface Point {
  x: number;
  y: number;
  z: number;
}

/** A face in shares of the frame (not mirrored); angles in degrees, yaw > 0 towards the right of the frame, pitch > 0 down. */
export interface Face {
  box: Box;
  yaw: number;
  pitch: number;
  roll: number;
  eyeLeft: number; // how far shut, 0..1
  eyeRight: number;
  jaw: number; // how far open, 0..1
  lips: number; // opening of the inner lips over their width
  lower: Array<[number, number]>; // points on mouth and chin
  upper: Array<[number, number]>; // points on forehead and cheeks
}

/** All faces in one frame, the largest first. */
export interface Seen {
  at: number; // when the frame was presented, milliseconds
  faces: Face[];
}

const LIP_TOP = 13;
const LIP_BOTTOM = 14;
const LIP_RIGHT = 78;
const LIP_LEFT = 308;
const LOWER = [0, 17, 37, 267, 84, 314, 152, 175, 199, 200];
const UPPER = [50, 205, 280, 425, 10, 151, 9, 67, 297];

export interface Landmarked {
  points: Point[];
  shapes: Map<string, number>;
  matrix: ArrayLike<number>; // 4x4, column by column
}

export function face(found: Landmarked, aspect: number): Face {
  const { points, shapes, matrix } = found;
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  const place = (index: number): [number, number] => [points[index]?.x ?? 0, points[index]?.y ?? 0];
  return {
    box: [left, top, Math.max(...xs) - left, Math.max(...ys) - top],
    ...angles(matrix),
    eyeLeft: shapes.get("eyeBlinkLeft") ?? 0,
    eyeRight: shapes.get("eyeBlinkRight") ?? 0,
    jaw: shapes.get("jawOpen") ?? 0,
    lips: distance(place(LIP_TOP), place(LIP_BOTTOM), aspect) / Math.max(distance(place(LIP_RIGHT), place(LIP_LEFT), aspect), 1e-6),
    lower: LOWER.map(place),
    upper: UPPER.map(place),
  };
}

/** The nose points along the matrix's third column, the eyes along its first; y is up. */
export function angles(matrix: ArrayLike<number>): { yaw: number; pitch: number; roll: number } {
  const at = (row: number, column: number): number => matrix[column * 4 + row] ?? 0;
  const degrees = 180 / Math.PI;
  const scale = Math.hypot(at(0, 2), at(1, 2), at(2, 2)) || 1;
  return {
    yaw: degrees * Math.atan2(at(0, 2), at(2, 2)),
    pitch: -degrees * Math.asin(Math.max(-1, Math.min(1, at(1, 2) / scale))),
    roll: -degrees * Math.atan2(at(1, 0), at(1, 1)),
  };
}

export function luma([red, green, blue]: Rgb): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** Distance of two colours in the a, b plane of CIELAB: lightness left out. */
export function chromaDistance(first: Rgb, second: Rgb): number {
  const [a1, b1] = chroma(first);
  const [a2, b2] = chroma(second);
  return Math.hypot(a1 - a2, b1 - b2);
}

function chroma(rgb: Rgb): [number, number] {
  const [r, g, b] = rgb.map((value) => (value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4)) as Rgb;
  const curve = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = curve((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = curve(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = curve((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [500 * (x - y), 200 * (y - z)];
}

function distance([x1, y1]: [number, number], [x2, y2]: [number, number], aspect: number): number {
  return Math.hypot((x1 - x2) * aspect, y1 - y2);
}
