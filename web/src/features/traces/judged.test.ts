import { expect, test } from "vitest"
import { judge, warnedSpans } from "@/features/traces/judged"
import type { Verdicts } from "@/features/traces/queries"

const steps = ["1 + 1 = 2", "2 + 2 = 5", "so 5"].map((content, i) => ({ i, type: "think", content }))
const claim = (step: number, outcome: string, start = 0) => ({
  step,
  start,
  end: 9,
  text: "",
  outcome,
  message: "",
})
const verdicts = (found: object): Verdicts =>
  ({ trace_id: "t", answer: null, steps: found }) as unknown as Verdicts

test("a step is as bad as its worst claim; one without a claim is not judged", () => {
  const claims = [claim(0, "right"), claim(1, "right"), claim(1, "wrong", 4), claim(7, "wrong")]
  const judged = judge(steps, verdicts({ claims, first_error: null }))
  expect(judged.map((step) => step.outcome)).toEqual(["right", "wrong", null])
})

test("the first error is marked even when no claim repeats it", () => {
  const first_error = { ...claim(1, "wrong"), message: "4" }
  const judged = judge(steps, verdicts({ claims: [], first_error }))
  expect(judged[1]?.spans).toMatchObject([{ outcome: "wrong", message: "4" }])
})

test("a warning stands on its step, marks its characters, and judges nothing", () => {
  const warning = (step: number | null, start: number | null) => ({
    kind: "provenance",
    step,
    start,
    end: start === null ? null : start + 1,
    message: "7 comes from nowhere",
  })
  const warnings = [warning(1, 4), warning(null, null), warning(1, null)]
  const judged = judge(steps, verdicts({ claims: [], first_error: null, warnings }))
  expect(judged.map((step) => step.warnings.length)).toEqual([0, 2, 0])
  expect(judged.map((step) => step.outcome)).toEqual([null, null, null])
  expect(warnedSpans(judged[1]?.warnings ?? [])).toMatchObject([{ start: 4, end: 5, outcome: "warning" }])
})

test("without verdicts every step is there, unjudged", () => {
  expect(judge(steps, undefined).map((step) => step.outcome)).toEqual([null, null, null])
})
