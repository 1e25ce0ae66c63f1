import { describe, expect, it } from "vitest";
import type { View } from "../src/capture.ts";
import { words } from "../src/element/words.ts";
import { translator } from "../src/locale.ts";

describe("while the camera is opened", () => {
  it.each([
    [false, "Allow the camera"],
    [true, "One moment…"],
  ])("allowed for good: %s", (allowed, title) => {
    expect(words({ state: "camera_ask", allowed } as View, translator()).title).toBe(title);
  });
});
