/** The link to this session for another device, as a code to scan. */

import { encode } from "uqr";

/** The code as an SVG path over a square of `size` modules. */
export function code(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: "M", border: 0 });
  const dots = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")));
  return { size, path: dots.join("") };
}
