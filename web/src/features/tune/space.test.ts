import { expect, test } from "vitest"
import { type Line, spaceOf } from "@/features/tune/space"

const line = (fields: Partial<Line>): Line => ({
  id: 0,
  name: "x",
  kind: "uniform",
  min: "0",
  max: "1",
  values: "",
  ...fields,
})

test("lines become the space that the server takes", () => {
  const lines = [
    line({ name: "learning_rate", kind: "loguniform", min: "1e-4", max: "0.1" }),
    line({ name: "batch_size", kind: "choice", values: "8, 16, adam, true, null" }),
  ]
  expect(spaceOf(lines)).toEqual({
    learning_rate: { type: "loguniform", min: 0.0001, max: 0.1 },
    batch_size: { type: "choice", values: [8, 16, "adam", true, null] },
  })
})

test.each([
  [[], "There is nothing to search: add a line."],
  [[line({ name: " " })], "A line has no name."],
  [[line({}), line({})], "x stands there twice."],
  [[line({ min: "" })], "x: from and to are numbers."],
  [[line({ kind: "choice", values: "1,,2" })], "x: write the values with commas between them."],
])("a line that is not finished is named", (lines, words) => {
  expect(spaceOf(lines)).toBe(words)
})
