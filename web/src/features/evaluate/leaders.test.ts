import { expect, test } from "vitest"
import { bySuite, newest, sentence } from "@/features/evaluate/leaders"
import type { Leader } from "@/features/evaluate/queries"

const leader = (model_id: string, primary_score: number, low?: number, high?: number): Leader =>
  ({
    model_id,
    primary_score,
    suite: "s",
    metrics: low === undefined ? {} : { ci_low: low, ci_high: high as number },
  }) as unknown as Leader

test.each([
  [
    [leader("a", 0.7, 0.66, 0.74), leader("b", 0.5, 0.46, 0.54)],
    "a is 20.0 points ahead of b: their 95% intervals do not touch.",
  ],
  [
    [leader("a", 0.7, 0.66, 0.74), leader("b", 0.69, 0.65, 0.73)],
    "This table cannot separate a from b: their 95% intervals overlap.",
  ],
  [
    [leader("a", 0.7), leader("b", 0.5)],
    "a is 20.0 points ahead of b; there are no intervals to judge that by.",
  ],
  [[leader("a", 0.7)], "a answers 70.0% right."],
  [[], ""],
])("no more is said than the intervals carry (%#)", (leaders, words) => {
  expect(sentence(leaders)).toBe(words)
})

test("each suite has its own order", () => {
  const all = [leader("a", 0.1), leader("b", 0.9), { ...leader("c", 0.5), suite: "r" }]
  expect(bySuite(all).map((suite) => [suite.name, suite.leaders.map((one) => one.model_id)])).toEqual([
    ["r", ["c"]],
    ["s", ["b", "a"]],
  ])
})

test("the newest suite is the one measured last", () => {
  const at = (suite: string, evaluated_at: string) => ({ ...leader(suite, 0.5), suite, evaluated_at })
  const suites = bySuite([at("a", "2026-01-02"), at("b", "2026-01-03"), at("c", "2026-01-01")])
  expect(newest(suites)?.name).toBe("b")
  expect(newest([])).toBeUndefined()
})
