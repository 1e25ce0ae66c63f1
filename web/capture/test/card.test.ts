import { describe, expect, it } from "vitest";
import { CardWatch, form, framing, LOOK_WIDTH, look } from "../src/card.ts";

const ID1 = 85.6 / 54;

interface Scene {
  inset?: number; // of the guide, on every side
  blur?: boolean;
  glare?: boolean;
  light?: number;
  card?: boolean;
  cut?: boolean; // the right part lies outside the picture
}

/** A pale card full of print on a dark table, as the small copy of the crop shows it. */
function scene({
  inset = 0,
  blur = false,
  glare = false,
  light = 1,
  card = true,
  cut = false,
}: Scene): [Uint8ClampedArray, number, number] {
  const { crop, guide } = framing(16 / 9, ID1);
  const width = LOOK_WIDTH;
  const height = Math.round((LOOK_WIDTH * crop[3]) / (crop[2] * (16 / 9)));
  const margin = (width * (1 - guide[2] / crop[2])) / 2;
  const pixels = new Uint8ClampedArray(4 * width * height);
  const [dx, dy] = [margin + inset * (width - 2 * margin), margin + inset * (height - 2 * margin)];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = card && (cut ? x >= 0.4 * width : x >= dx && x < width - dx) && y >= dy && y < height - dy;
      const print = !blur && x % 6 < 2 && y % 12 < 6 && x > dx + 20 && x < width - dx - 20 && y > dy + 20 && y < height - dy - 20;
      const shine = glare && (x - width / 2) ** 2 + (y - height / 2) ** 2 < 40 ** 2;
      pixels.set([shine ? 255 : light * (inside ? (print ? 40 : 205) : 70)], 4 * (y * width + x));
      for (const channel of [1, 2, 3])
        pixels[4 * (y * width + x) + channel] = channel === 3 ? 255 : (pixels[4 * (y * width + x)] as number);
    }
  }
  return [pixels, width, height];
}

const tip = (wish: Scene): string | null => {
  const watch = new CardWatch();
  watch.update(look(...scene(wish)), 0);
  return watch.update(look(...scene(wish)), 100).tip;
};

describe("the guide", () => {
  it.each([16 / 9, 4 / 3, 9 / 16, 3 / 4, 1])("keeps the card's form and lies inside a picture of aspect %f, with its margin", (aspect) => {
    for (const shape of [ID1, form({ kind: "MLIDPassport" })]) {
      const { guide, crop } = framing(aspect, shape);
      expect((guide[2] * aspect) / guide[3]).toBeCloseTo(shape);
      for (const place of [0, 1] as const) {
        expect(crop[place]).toBeGreaterThanOrEqual(0);
        expect(crop[place]).toBeLessThan(guide[place]);
        expect((crop[place] as number) + (crop[place + 2] as number)).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe("what to change", () => {
  it.each([
    [{}, null],
    [{ card: false }, "fit"],
    [{ cut: true }, "fit"],
    [{ inset: 0.16 }, "closer"],
    [{ blur: true }, "blur"],
    [{ glare: true }, "glare"],
    [{ light: 0.2 }, "dark"],
    [{ inset: 0.05 }, null],
    [{ inset: -0.05 }, null],
  ] as Array<[Scene, string | null]>)("%o: %s", (wish, expected) => {
    expect(tip(wish)).toBe(expected);
  });

  it("wants it right and still for 0.8 s", () => {
    const watch = new CardWatch();
    const good = look(...scene({}));
    expect(watch.update(good, 0).tip).toBe("still"); // the first look knows nothing of motion
    expect(watch.update(good, 100)).toEqual({ tip: null, steady: 0, rested: 0 });
    expect(watch.update(good, 500).steady).toBeCloseTo(0.5);
    expect(watch.update(look(...scene({ inset: 0.08 })), 600)).toEqual({ tip: "still", steady: 0, rested: 0 });
    watch.update(look(...scene({ inset: 0.08 })), 700);
    expect(watch.update(look(...scene({ inset: 0.08 })), 1500).steady).toBe(1);
  });

  it("knows stillness apart from everything else", () => {
    const watch = new CardWatch();
    const soft = look(...scene({ blur: true }));
    watch.update(soft, 0);
    watch.update(soft, 100);
    expect(watch.update(soft, 900)).toEqual({ tip: "blur", steady: 0, rested: 1 });
  });
});
