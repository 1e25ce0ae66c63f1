/** Where should the face go? One hint at a time, the gravest first, with some slack so that hints do not flicker. Pure. */

import type { Face, Seen } from "./face.ts";
import type { Thresholds } from "./messages.ts";

export const TIPS = [
  "no_face",
  "one_person_only",
  "move_closer",
  "move_back",
  "move_left",
  "move_right",
  "move_up",
  "move_down",
  "face_front",
  "more_light",
  "less_light",
  "face_covered",
  "hold_still",
] as const;
export type Tip = (typeof TIPS)[number];

const COMPANY = 0.5; // a second face counts from this share of the first one's width
const CENTRED = 0.2; // of the oval's size, off its middle
const TURNED = 17; // degrees
const TILTED = 20;
const COVERED_CHROMA = 48; // as the engine's "surely hidden"
const STILL = 0.035; // of the frame, in half a second
const SLACK = 0.85; // who is in place may stray this much further before being told
const STEADY_MS = 700;

export interface Conditions {
  seen: Seen | null;
  faceLuma: number | null;
  mouthChroma: number | null;
}

/** Follows the face and says what to change; `null` while everything is right. */
export class Positioning {
  private readonly thresholds: Thresholds;
  private places: Array<{ at: number; x: number; y: number }> = [];
  private right = false;
  private since: number | null = null;

  constructor(thresholds: Thresholds) {
    this.thresholds = thresholds;
  }

  update(conditions: Conditions, now: number): { tip: Tip | null; steady: number } {
    const tip = this.tip(conditions, now);
    this.right = tip === null || (tip === "hold_still" && this.right);
    if (tip !== null) this.since = null;
    else this.since ??= now;
    return { tip, steady: this.since === null ? 0 : Math.min(1, (now - this.since) / STEADY_MS) };
  }

  private tip({ seen, faceLuma, mouthChroma }: Conditions, now: number): Tip | null {
    const first = seen?.faces[0];
    if (!first) return "no_face";
    const second = seen.faces[1];
    if (second && second.box[2] > COMPANY * first.box[2]) return "one_person_only";
    const slack = this.right ? SLACK : 1;
    return (
      distanceTip(first, this.thresholds, slack) ??
      centreTip(first, this.thresholds, slack) ??
      (Math.abs(first.yaw) * slack > TURNED || Math.abs(first.pitch) * slack > TILTED ? "face_front" : null) ??
      this.lightTip(faceLuma, slack) ??
      ((mouthChroma ?? 0) > COVERED_CHROMA ? "face_covered" : null) ??
      (this.moves(first, now) ? "hold_still" : null)
    );
  }

  private lightTip(luma: number | null, slack: number): Tip | null {
    if (luma === null) return null;
    if (luma < this.thresholds.luma_min * slack) return "more_light";
    return luma * slack > this.thresholds.luma_max ? "less_light" : null;
  }

  private moves(face: Face, now: number): boolean {
    const [x, y] = middle(face);
    this.places = [...this.places.filter((place) => now - place.at < 500), { at: now, x, y }];
    const across = this.places.map((place) => place.x);
    const down = this.places.map((place) => place.y);
    return Math.max(...across) - Math.min(...across) > STILL || Math.max(...down) - Math.min(...down) > STILL;
  }
}

/** Whether the face is clearly not where it was: the light step cannot be judged then. */
export function away(face: Face, thresholds: Thresholds): boolean {
  return distanceTip(face, thresholds, 0.75) !== null || centreTip(face, thresholds, 0.5) !== null;
}

function distanceTip(face: Face, { face_width_min, face_width_max }: Thresholds, slack: number): Tip | null {
  const width = face.box[2];
  if (width < face_width_min * slack) return "move_closer";
  return width * slack > face_width_max ? "move_back" : null;
}

/** Directions are the person's own: the camera sees them mirrored, so a face left in the frame has to go to its own left. */
function centreTip(face: Face, { oval }: Thresholds, slack: number): Tip | null {
  const [x, y] = middle(face);
  const across = ((x - oval[0] - oval[2] / 2) / oval[2]) * slack;
  const down = ((y - oval[1] - oval[3] / 2) / oval[3]) * slack;
  if (Math.max(Math.abs(across), Math.abs(down)) <= CENTRED) return null;
  if (Math.abs(across) >= Math.abs(down)) return across < 0 ? "move_left" : "move_right";
  return down < 0 ? "move_down" : "move_up";
}

function middle(face: Face): [number, number] {
  return [face.box[0] + face.box[2] / 2, face.box[1] + face.box[3] / 2];
}
