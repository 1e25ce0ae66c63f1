import { expect, it } from "vitest";
import { lines } from "../src/element/fields.ts";
import { translator } from "../src/locale.ts";

const field = (name: string, value: string) => ({ name, value, editable: true });

it("shows what the contract has under several names once, and a name without a label readable", () => {
  const found = lines(
    [field("FullName", "TAN"), field("EnName", "TAN"), field("Birthday", "1981"), field("ThaiBirthday", "2524"), field("NewThing", "")],
    translator(),
  );
  expect(found.map(({ label, names }) => [label, names])).toEqual([
    ["Full name", ["FullName", "EnName"]],
    ["Date of birth", ["Birthday"]],
    ["Date of birth (Thai calendar)", ["ThaiBirthday"]],
    ["New Thing", ["NewThing"]],
  ]);
});

it("keeps apart what was read differently", () => {
  expect(lines([field("ChName", "陳"), field("ChineseName", "陈")], translator())).toHaveLength(2);
});
