import { describe, expect, it } from "vitest";
import { angles, type Face } from "../src/face.ts";
import { GestureWatch, Resting } from "../src/gestures.ts";
import type { Gesture } from "../src/messages.ts";

const STILL: Face = {
  box: [0.35, 0.25, 0.3, 0.5],
  yaw: 0,
  pitch: 5,
  roll: 0,
  eyeLeft: 0.1,
  eyeRight: 0.1,
  jaw: 0.02,
  lips: 0.02,
  lower: [],
  upper: [],
};

/** When the watch ticks, looking at `changes` 20 times a second from the prompt on; null if never. */
function ticked(gesture: Gesture, times: number, changes: (ms: number) => Partial<Face>): number | null {
  const resting = new Resting();
  for (let frame = 0; frame < 20; frame++) resting.add(STILL);
  const watch = new GestureWatch(gesture, times, resting.rest, 0);
  for (let ms = 0; ms < 4000; ms += 50) if (watch.update({ ...STILL, ...changes(ms) }, ms)) return ms;
  return null;
}

const shut =
  (...moments: number[]) =>
  (ms: number) =>
    moments.some((moment) => ms >= moment && ms < moment + 200) ? { eyeLeft: 0.7, eyeRight: 0.7 } : {};

describe("watching gestures", () => {
  it("ticks for two quick blinks, not for one or for two slow ones", () => {
    expect(ticked("blink", 2, shut(600, 1100))).toBe(1300);
    expect(ticked("blink", 2, shut(600))).toBeNull();
    expect(ticked("blink", 2, shut(600, 2400))).toBeNull();
  });

  it("ticks for a mouth that was wide open for a while and is closed again", () => {
    const open = (ms: number): Partial<Face> => (ms > 500 && ms < 1200 ? { jaw: 0.6, lips: 0.6 } : {});
    expect(ticked("mouth", 1, open)).toBe(1200);
    expect(ticked("mouth", 1, (ms) => (ms > 500 && ms < 700 ? { jaw: 0.6, lips: 0.6 } : {}))).toBeNull();
    expect(ticked("mouth", 1, (ms) => (ms > 500 ? { jaw: 0.2, lips: 0.1 } : {}))).toBeNull();
  });

  it("ticks for a nod and back", () => {
    expect(ticked("nod", 1, (ms) => ({ pitch: ms > 500 && ms < 1000 ? 25 : 5 }))).toBe(1000);
    expect(ticked("nod", 1, (ms) => ({ pitch: ms > 500 ? 25 : 5 }))).toBeNull();
  });

  it("wants both sides of a shake", () => {
    const both = (ms: number): Partial<Face> => ({ yaw: ms > 500 && ms < 900 ? 20 : ms > 900 && ms < 1400 ? -20 : 0 });
    expect(ticked("shake", 1, both)).toBe(1400);
    expect(ticked("shake", 1, (ms) => ({ yaw: ms > 500 && ms < 900 ? 20 : 0 }))).toBeNull();
  });

  it("counts nothing before a human reaction time", () => {
    expect(ticked("blink", 1, (ms) => (ms < 100 ? { eyeLeft: 0.7, eyeRight: 0.7 } : {}))).toBeNull();
  });
});

describe("head angles", () => {
  it("are the engine's: yaw to the right of the frame, pitch down", () => {
    const turn = (degrees: number): number[] => {
      const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
      return [cos, 0, -sin, 0, 0, 1, 0, 0, sin, 0, cos, 0, 0, 0, 0, 1];
    };
    expect(angles(turn(20)).yaw).toBeCloseTo(20);
    expect(angles(turn(0))).toEqual({ yaw: 0, pitch: -0, roll: -0 });
  });
});
