import { expect, test } from "vitest"
import { change } from "@/features/compare/CheckRun"

test.each([
  [{ delta: -0.02, delta_percent: -16.25 }, "-0.0200 (-16.3 %)"],
  [{ delta: 0.5, delta_percent: null }, "+0.5000"],
  [{ delta: 0, delta_percent: 0 }, "0 (0.0 %)"],
])("a change has its sign, and a percentage where there is one", (check, words) => {
  expect(change(check)).toBe(words)
})
