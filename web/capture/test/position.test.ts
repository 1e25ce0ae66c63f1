import { describe, expect, it } from "vitest";
import type { Face } from "../src/face.ts";
import { fitted, layout } from "../src/lens.ts";
import type { Thresholds } from "../src/messages.ts";
import { away, type Conditions, Positioning } from "../src/position.ts";

const THRESHOLDS: Thresholds = { oval: [0.29, 0.1, 0.42, 0.8], face_width_min: 0.2, face_width_max: 0.55, luma_min: 50, luma_max: 220 };

function face(changes: Partial<Face> = {}): Face {
  const rest = { yaw: 0, pitch: 0, roll: 0, eyeLeft: 0, eyeRight: 0, jaw: 0, lips: 0, lower: [], upper: [] };
  return { box: [0.35, 0.25, 0.3, 0.5], ...rest, ...changes };
}

function conditions(faces: Face[], changes: Partial<Conditions> = {}): Conditions {
  return { seen: { at: 0, faces }, faceLuma: 120, mouthChroma: 5, ...changes };
}

function tip(faces: Face[], changes: Partial<Conditions> = {}): string | null {
  return new Positioning(THRESHOLDS).update(conditions(faces, changes), 0).tip;
}

describe("positioning", () => {
  it("says what to change, one thing at a time", () => {
    expect(tip([])).toBe("no_face");
    expect(tip([face(), face({ box: [0.7, 0.3, 0.25, 0.4] })])).toBe("one_person_only");
    expect(tip([face(), face({ box: [0.9, 0.3, 0.05, 0.1] })])).toBeNull();
    expect(tip([face({ box: [0.45, 0.4, 0.1, 0.2] })])).toBe("move_closer");
    expect(tip([face({ box: [0.2, 0.1, 0.6, 0.9] })])).toBe("move_back");
    expect(tip([face({ yaw: 25 })])).toBe("face_front");
    expect(tip([face()], { faceLuma: 30 })).toBe("more_light");
    expect(tip([face()], { faceLuma: 240 })).toBe("less_light");
    expect(tip([face()], { mouthChroma: 60 })).toBe("face_covered");
    expect(tip([face()])).toBeNull();
  });

  it("names the person's own directions: the camera sees them mirrored", () => {
    expect(tip([face({ box: [0.1, 0.25, 0.3, 0.5] })])).toBe("move_left");
    expect(tip([face({ box: [0.6, 0.25, 0.3, 0.5] })])).toBe("move_right");
    expect(tip([face({ box: [0.35, 0, 0.3, 0.5] })])).toBe("move_down");
    expect(tip([face({ box: [0.35, 0.5, 0.3, 0.5] })])).toBe("move_up");
  });

  it("is steady after 0.7 s in place, and not while moving", () => {
    const still = new Positioning(THRESHOLDS);
    still.update(conditions([face()]), 0);
    expect(still.update(conditions([face()]), 350).steady).toBe(0.5);
    expect(still.update(conditions([face()]), 700).steady).toBe(1);
    const moving = new Positioning(THRESHOLDS);
    moving.update(conditions([face()]), 0);
    expect(moving.update(conditions([face({ box: [0.4, 0.25, 0.3, 0.5] })]), 100).tip).toBe("hold_still");
  });

  it("lets who is in place stray a little before saying so", () => {
    const positioning = new Positioning(THRESHOLDS);
    positioning.update(conditions([face()]), 0);
    expect(positioning.update(conditions([face({ yaw: 18.5 })]), 50).tip).toBeNull();
    expect(tip([face({ yaw: 18.5 })])).toBe("face_front");
  });

  it("calls a face away only when it is clearly out of place", () => {
    expect(away(face(), THRESHOLDS)).toBe(false);
    expect(away(face({ box: [0.42, 0.25, 0.3, 0.5] }), THRESHOLDS)).toBe(false);
    expect(away(face({ box: [0.6, 0.25, 0.3, 0.5] }), THRESHOLDS)).toBe(true);
  });
});

describe("the oval", () => {
  it("keeps its form when the camera is held upright", () => {
    const form = ([, , width, height]: number[], aspect: number): number => ((width ?? 0) * aspect) / (height ?? 1);
    const upright = fitted(THRESHOLDS, 3 / 4);
    expect(form(upright.oval, 3 / 4)).toBeCloseTo(form(THRESHOLDS.oval, 4 / 3));
    expect(upright.face_width_min).toBeGreaterThan(THRESHOLDS.face_width_min);
    expect(fitted(THRESHOLDS, 4 / 3).oval.map((value) => Number(value.toFixed(6)))).toEqual(THRESHOLDS.oval);
  });

  it("fits every page from 320 pixels on, with the video under it", () => {
    for (const [width, height] of [
      [320, 568],
      [390, 844],
      [1280, 800],
      [844, 390],
    ] as const) {
      for (const aspect of [4 / 3, 3 / 4]) {
        const { oval } = fitted(THRESHOLDS, aspect);
        const found = layout({ width, height }, oval, aspect);
        expect(found.width).toBeLessThan(width);
        expect(found.height).toBeLessThan(height * 0.75);
        expect(found.video[2] / found.video[3]).toBeCloseTo(aspect, 1);
      }
    }
  });
});
