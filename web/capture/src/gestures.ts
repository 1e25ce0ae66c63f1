/**
 * Has the gesture been seen? For the live tick, and so that nobody waits longer than needed; the server judges by the recording alone.
 * Every bar is over the person's own rest and a little stricter than the server's, so that a tick is not a promise broken later.
 */

import type { Face } from "./face.ts";
import type { Gesture } from "./messages.ts";

const REACTION_MS = 150;
const BLINK_RISE = 0.3;
const QUICK_MS = 900; // between the starts of two blinks
const JAW_RISE = 0.3;
const LIP_RISE = 0.18;
const MOUTH_MS = 300;
const NOD_DEGREES = 12;
const SHAKE_DEGREES = 15;
const REST_SAMPLES = 90;

interface Rest {
  left: number;
  right: number;
  jaw: number;
  lips: number;
  yaw: number;
  pitch: number;
}

/** The person's rest: medians of the latest frames in which nothing was asked for. */
export class Resting {
  private readonly rows: Rest[] = [];

  add(face: Face): void {
    this.rows.push({ left: face.eyeLeft, right: face.eyeRight, jaw: face.jaw, lips: face.lips, yaw: face.yaw, pitch: face.pitch });
    if (this.rows.length > REST_SAMPLES) this.rows.shift();
  }

  get rest(): Rest {
    const middle = (name: keyof Rest): number => {
      const values = this.rows.map((row) => row[name]).sort((a, b) => a - b);
      return values[values.length >> 1] ?? 0;
    };
    return {
      left: middle("left"),
      right: middle("right"),
      jaw: middle("jaw"),
      lips: middle("lips"),
      yaw: middle("yaw"),
      pitch: middle("pitch"),
    };
  }
}

/** Watches for one gesture from its prompt on. `update` answers true once it was done. */
export class GestureWatch {
  private readonly gesture: Gesture;
  private readonly times: number;
  private readonly rest: Rest;
  private readonly from: number;
  private over: number | null = null; // since when the bar is passed
  private blinks: number[] = [];
  private sides = new Set<number>();
  private reached = false;

  constructor(gesture: Gesture, times: number, rest: Rest, promptMs: number) {
    this.gesture = gesture;
    this.times = times;
    this.rest = rest;
    this.from = promptMs + REACTION_MS;
  }

  update(face: Face, at: number): boolean {
    if (at < this.from) return false;
    switch (this.gesture) {
      case "blink":
        return this.blink(Math.min(face.eyeLeft - this.rest.left, face.eyeRight - this.rest.right), at);
      case "mouth":
        return this.mouth(Math.min((face.jaw - this.rest.jaw) / JAW_RISE, (face.lips - this.rest.lips) / LIP_RISE), at);
      case "nod":
        return this.turn(face.pitch - this.rest.pitch, NOD_DEGREES, 1);
      case "shake":
        return this.turn(face.yaw - this.rest.yaw, SHAKE_DEGREES, 2);
    }
  }

  private blink(rise: number, at: number): boolean {
    if (rise > BLINK_RISE) this.over ??= at;
    else if (rise < 0.6 * BLINK_RISE && this.over !== null) {
      this.blinks.push(this.over);
      this.over = null;
    }
    const first = this.blinks.at(-this.times);
    return first !== undefined && (this.blinks.at(-1) as number) - first <= QUICK_MS * (this.times - 1);
  }

  private mouth(share: number, at: number): boolean {
    if (share > 1) this.over ??= at;
    else if (share < 0.5 && !this.reached) this.over = null;
    if (this.over !== null && at - this.over >= MOUTH_MS) this.reached = true;
    return this.reached && share < 0.5;
  }

  /** A turn to so many sides, and back to the middle. */
  private turn(angle: number, bar: number, sides: number): boolean {
    if (Math.abs(angle) > bar) this.sides.add(Math.sign(angle));
    return this.sides.size >= sides && Math.abs(angle) < bar / 2;
  }
}
