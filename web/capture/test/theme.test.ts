import { describe, expect, it } from "vitest";
import { contrast, palette, parse } from "../src/theme.ts";

type Rgb = [number, number, number];
const BRANDS = ["#2d72f1", "#ffffff", "#000000", "#ffdd00", "#00c853", "#e60023", "#777777", "#0ff", "#ff66cc", "#123456", "nonsense"];

describe("one brand colour", () => {
  it.each(BRANDS)("%s stays readable in light and dark", (brand) => {
    for (const [scheme, ground] of [
      ["light", "#ffffff"],
      ["dark", "#101318"],
    ] as const) {
      const { brand: button, onBrand, ink } = palette(brand, scheme);
      expect(contrast(parse(button) as Rgb, parse(onBrand) as Rgb)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(parse(ink) as Rgb, parse(ground) as Rgb)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("of any kind stays readable", () => {
    for (let step = 0; step < 4096; step++) {
      const brand = `#${step.toString(16).padStart(3, "0")}`;
      for (const [scheme, ground] of [
        ["light", "#ffffff"],
        ["dark", "#101318"],
      ] as const) {
        const { brand: button, onBrand, ink } = palette(brand, scheme);
        const worst = Math.min(contrast(parse(button) as Rgb, parse(onBrand) as Rgb), contrast(parse(ink) as Rgb, parse(ground) as Rgb));
        if (worst < 4.5) expect.fail(`${brand} in ${scheme}: ${worst}`);
      }
    }
  });

  it("changes a readable colour not at all", () => {
    expect(palette("#0b57d0", "light")).toMatchObject({ brand: "#0b57d0", ink: "#0b57d0", onBrand: "#ffffff" });
  });
});
