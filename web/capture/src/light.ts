/**
 * Painting the colours. Each stays as long as drawn, measured from the frame that set it, so a slow frame makes a colour longer and never
 * two changes closer together: the limit on flashes (WCAG 2.3.1) holds whatever the device does.
 */

import type { Colour, ColourMark } from "./messages.ts";
import { frame, now } from "./time.ts";

const EARLY_MS = 6; // a frame that comes this much before the due moment counts: half of what a 60 Hz screen leaves open
// The server asks again where the moments of painting are more uneven than 25 ms on average and 100 ms at most.
const UNEVEN_MS = 22;
const JUMP_MS = 90;

/** Paint `colours` one after the other and report each; false if the device was too uneven for the server to judge them. */
export async function shine(
  colours: Colour[],
  paint: (colour: string | null) => void,
  report: (mark: ColourMark) => void,
  signal: AbortSignal,
): Promise<boolean> {
  let time = await frame(signal);
  let due = Number.NaN; // when this colour should be painted, going by the one before
  const late: number[] = [];
  for (const [index, colour] of colours.entries()) {
    const set_ms = now();
    const until = time + colour.duration_ms - EARLY_MS;
    paint(css(colour));
    time = await frame(signal); // the frame that shows it has been painted
    const painted_ms = Math.max(time, set_ms);
    report({ index, set_ms, painted_ms });
    if (index) late.push(painted_ms - due);
    if (jump(late) > 2 * JUMP_MS) return false;
    due = painted_ms + colour.duration_ms;
    while (time < until) time = await frame(signal);
  }
  paint(null);
  return jump(late) <= JUMP_MS && mean(away(late)) <= UNEVEN_MS;
}

/** How far each gap between two colours was off the usual one: a slow device makes all of them longer, which does no harm. */
function away(late: number[]): number[] {
  const sorted = [...late].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? (sorted[middle] as number) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  return late.map((value) => Math.abs(value - median));
}

function jump(late: number[]): number {
  return Math.max(0, ...away(late));
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

export function css({ red, green, blue }: Colour): string {
  return `rgb(${red}, ${green}, ${blue})`;
}
