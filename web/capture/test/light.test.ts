import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { shine } from "../src/light.ts";
import type { Colour, ColourMark } from "../src/messages.ts";

const PALETTE = [
  [255, 64, 64],
  [64, 255, 64],
  [64, 64, 255],
  [64, 255, 255],
  [255, 64, 255],
  [255, 255, 64],
] as const;
const COLOURS: Colour[] = Array.from({ length: 12 }, (_, place) => {
  const [red, green, blue] = PALETTE[(place * 5) % 6] as [number, number, number];
  return { red, green, blue, duration_ms: 300 };
});

let clock = 0;
let frames: FrameRequestCallback[] = [];

/** Run the screen: `frameMs` from frame to frame. */
async function screen<T>(run: Promise<T>, frameMs: (at: number) => number): Promise<T> {
  let done = false;
  void run.finally(() => {
    done = true;
  });
  for (let turn = 0; turn < 4000 && !done; turn++) {
    clock += frameMs(clock);
    const due = frames;
    frames = [];
    for (const callback of due) callback(clock);
    for (let pass = 0; pass < 5; pass++) await Promise.resolve();
  }
  return run;
}

beforeEach(() => {
  clock = 1000;
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => frames.push(callback));
  vi.stubGlobal("cancelAnimationFrame", () => {});
  vi.spyOn(performance, "now").mockImplementation(() => clock);
});
afterEach(() => vi.restoreAllMocks());

async function shown(frameMs: (at: number) => number): Promise<{ whole: boolean; marks: ColourMark[]; changes: number[] }> {
  const marks: ColourMark[] = [];
  const changes: number[] = [];
  const whole = await screen(
    shine(
      COLOURS,
      (colour) => void (colour !== undefined && changes.push(clock)),
      (mark) => marks.push(mark),
      new AbortController().signal,
    ),
    frameMs,
  );
  return { whole, marks, changes };
}

/** Most colour changes within any second; WCAG 2.3.1 allows three flashes, which are six changes. */
function mostChanges(changes: number[]): number {
  return Math.max(...changes.map((from) => changes.filter((at) => at >= from && at < from + 1000).length));
}

describe("painting the light step", () => {
  it.each([60, 59.94, 90, 120, 144, 30])("keeps 0.3 s a colour at %s Hz", async (hertz) => {
    const { whole, marks } = await shown(() => 1000 / hertz);
    expect(whole).toBe(true);
    expect(marks.map((mark) => mark.index)).toEqual(COLOURS.map((_, place) => place));
    for (const [place, mark] of marks.entries()) {
      expect(mark.painted_ms).toBeGreaterThanOrEqual(mark.set_ms);
      if (place) expect(Math.abs(mark.painted_ms - (marks[place - 1] as ColourMark).painted_ms - 300)).toBeLessThan(34);
    }
  });

  it("never flashes more often than allowed, however uneven the frames are", async () => {
    for (let seed = 1; seed <= 40; seed++) {
      let chance = seed;
      const { changes } = await shown(() => {
        chance = (chance * 48271) % 2147483647;
        return 4 + (chance % 100 < 15 ? chance % 400 : chance % 30);
      });
      expect(mostChanges(changes)).toBeLessThanOrEqual(4);
    }
  });

  it("gives up rather than report colours that stayed too long", async () => {
    const { whole } = await shown((at) => (at > 2500 && at < 2600 ? 700 : 16.7));
    expect(whole).toBe(false);
  });

  it("takes a slow screen as it is: only unevenness does harm", async () => {
    expect((await shown(() => 45)).whole).toBe(true);
    expect((await shown((at) => (Math.floor(at / 300) % 2 ? 16.7 : 110))).whole).toBe(false);
  });
});
