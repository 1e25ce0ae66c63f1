/**
 * Painting the colours. Each stays as long as drawn, measured from the frame that set it, so a slow frame makes a colour longer and never
 * two changes closer together: the limit on flashes (WCAG 2.3.1) holds whatever the device does.
 */

import type { Colour, ColourMark } from "./messages.ts";
import { frame, now } from "./time.ts";

const EARLY_MS = 6; // a frame that comes this much before the due moment counts: half of what a 60 Hz screen leaves open
const UNSTEADY_MS = 220; // a colour that stayed so much longer or shorter than drawn is of no use to the server

/** Paint `colours` one after the other and report each; false if the device was too slow to keep the times. */
export async function shine(
  colours: Colour[],
  paint: (colour: string | null) => void,
  report: (mark: ColourMark) => void,
  signal: AbortSignal,
): Promise<boolean> {
  let time = await frame(signal);
  let due = Number.NaN; // when this colour should be painted, going by the one before
  for (const [index, colour] of colours.entries()) {
    const set_ms = now();
    const until = time + colour.duration_ms - EARLY_MS;
    paint(css(colour));
    time = await frame(signal); // the frame that shows it has been painted
    const painted_ms = Math.max(time, set_ms);
    report({ index, set_ms, painted_ms });
    if (Math.abs(painted_ms - due) > UNSTEADY_MS) return false;
    due = painted_ms + colour.duration_ms;
    while (time < until) time = await frame(signal);
  }
  paint(null);
  return true;
}

export function css({ red, green, blue }: Colour): string {
  return `rgb(${red}, ${green}, ${blue})`;
}
