/** One brand colour in, readable colours out: contrast is kept by mixing towards black or white, never by hoping. Pure. */

type Rgb = [number, number, number];

export const DEFAULT_BRAND = "#2d72f1";
const TEXT = 4.6; // WCAG AA for text, and a little
/** The harder to write on of page and surface, as `styles.ts` has them. */
const GROUND: Record<"light" | "dark", Rgb> = { light: [243, 245, 249], dark: [27, 32, 41] };
const INK: Rgb = [16, 19, 24];
const WHITE: Rgb = [255, 255, 255];

export interface Palette {
  brand: string; // buttons
  onBrand: string; // text on them
  ink: string; // brand-coloured text and lines on the page
}

export function palette(brand: string, scheme: "light" | "dark"): Palette {
  const colour = parse(brand) ?? (parse(DEFAULT_BRAND) as Rgb);
  const [button, text] = readable(colour);
  const ground = GROUND[scheme];
  const towards: Rgb = scheme === "light" ? [0, 0, 0] : WHITE;
  return { brand: css(button), onBrand: css(text), ink: css(until(colour, towards, (candidate) => contrast(candidate, ground) >= TEXT)) };
}

/** The button's colour, darkened or lightened as little as its text needs. */
function readable(colour: Rgb): [Rgb, Rgb] {
  const light = contrast(colour, WHITE) * 1.25 >= contrast(colour, INK); // white text looks better on mid tones
  const text = light ? WHITE : INK;
  return [until(colour, light ? [0, 0, 0] : WHITE, (candidate) => contrast(candidate, text) >= TEXT), text];
}

function until(colour: Rgb, towards: Rgb, good: (candidate: Rgb) => boolean): Rgb {
  for (let share = 0; share < 1; share += 0.02) {
    const candidate = colour.map((value, channel) => Math.round(value + share * ((towards[channel] as number) - value))) as Rgb;
    if (good(candidate)) return candidate;
  }
  return towards;
}

export function contrast(first: Rgb, second: Rgb): number {
  const [low, high] = [luminance(first), luminance(second)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => (value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4)) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** `#rgb` or `#rrggbb`. */
export function parse(text: string): Rgb | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (!hex) return null;
  const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16)) as Rgb;
}

function css(colour: Rgb): string {
  return `#${colour.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
