import { expect, test } from "vitest"
import type { Trial } from "@/features/tune/queries"
import { best, growth, ranked, shown } from "@/features/tune/trials"

const trial = (number: number, metric_value: number | null, status = "completed") =>
  ({ number, metric_value, status, params_json: {} }) as unknown as Trial
const TRIALS = [
  trial(2, 0.4),
  trial(0, 0.5),
  trial(1, 0.7),
  trial(3, null, "failed"),
  trial(4, 0.9, "running"),
]

test("the best is the highest or the lowest of those that ended well", () => {
  expect(best(TRIALS, "max")?.number).toBe(1)
  expect(best(TRIALS, "min")?.number).toBe(2)
  expect(best([], "max")).toBeNull()
})

test("the best so far never gets worse", () => {
  expect(growth(TRIALS, "max")).toEqual({ steps: [0, 1, 2], values: [0.5, 0.7, 0.4], best: [0.5, 0.7, 0.7] })
  expect(growth(TRIALS, "min").best).toEqual([0.5, 0.5, 0.4])
})

test("trials without a number come last, as they were tried", () => {
  expect(ranked([trial(3, null), trial(1, null), trial(2, 0.1)], "min").map((one) => one.number)).toEqual([
    2, 1, 3,
  ])
})

test.each([
  [0.00012345, "1.23e-4"],
  [0.30512, "0.3051"],
  [16, "16"],
  [null, "null"],
  ["adam", "adam"],
])("the value %s is written %s", (value, words) => {
  expect(shown(value)).toBe(words)
})
