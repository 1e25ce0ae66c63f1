import { describe, expect, it } from "vitest";
import { contrast, palette, parse } from "../src/theme.ts";

type Rgb = [number, number, number];
const BRANDS = ["#2d72f1", "#ffffff", "#000000", "#ffdd00", "#00c853", "#e60023", "#777777", "#0ff", "#ff66cc", "#123456", "nonsense"];
const GROUNDS = { light: ["#ffffff", "#f3f5f9"], dark: ["#101318", "#1b2029"] };
const ratio = (first: string, second: string): number => contrast(parse(first) as Rgb, parse(second) as Rgb);

/** The lowest contrast of anything that is read. */
function worst(brand: string): number {
  const found = Object.entries(GROUNDS).flatMap(([scheme, grounds]) => {
    const { brand: button, onBrand, ink } = palette(brand, scheme as "light" | "dark");
    return [ratio(button, onBrand), ...grounds.map((ground) => ratio(ink, ground))];
  });
  return Math.min(...found);
}

describe("one brand colour", () => {
  it.each(BRANDS)("%s stays readable in light and dark", (brand) => {
    expect(worst(brand)).toBeGreaterThanOrEqual(4.5);
  });

  it("of any kind stays readable", () => {
    const every = Array.from({ length: 4096 }, (_, step) => `#${step.toString(16).padStart(3, "0")}`);
    expect(every.filter((brand) => worst(brand) < 4.5)).toEqual([]);
  });

  it("changes a readable colour not at all", () => {
    expect(palette("#0b57d0", "light")).toMatchObject({ brand: "#0b57d0", ink: "#0b57d0", onBrand: "#ffffff" });
  });
});
