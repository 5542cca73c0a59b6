import { expect, test } from "vitest"
import { compared, stepsOf } from "@/features/exams/changed"
import type { ExamItem } from "@/features/exams/queries"

const item = (fields: Partial<ExamItem>): ExamItem => ({
  kind: "result",
  propagated: false,
  step: 0,
  start: 0,
  end: 0,
  before: "",
  after: "",
  steps: [],
  final_answer: "5",
  position: 0,
  trace_id: "t",
  prompt: "p",
  clean: { steps: [], final_answer: "5" },
  ...fields,
})
const steps = (...contents: string[]) => contents.map((content) => ({ type: "compute", content }))

test("a planted number stands beside the number that stood there", () => {
  expect(compared("2 + 3 = 5 eggs", "2 + 3 = 6 eggs")).toEqual([
    { text: "2 + 3 = ", side: "both" },
    { text: "5", side: "was" },
    { text: "6", side: "now" },
    { text: " eggs", side: "both" },
  ])
})

test("only the planted step is called so, also where others follow from it", () => {
  const shown = stepsOf(
    item({
      steps: steps("2 + 3 = 6", "6 * 2 = 12"),
      clean: { steps: steps("2 + 3 = 5", "5 * 2 = 10"), final_answer: "10" },
    }),
  )
  expect(shown.map((step) => step.planted)).toEqual([true, false])
  expect(shown[1]?.parts.some((part) => part.side === "now" && part.text === "12")).toBe(true)
})

test("a dropped step stands where it stood", () => {
  const shown = stepsOf(
    item({
      kind: "dropped_step",
      step: 1,
      steps: steps("a", "c"),
      clean: { steps: steps("a", "b", "c"), final_answer: "" },
    }),
  )
  expect(shown.map((step) => step.parts[0])).toEqual([
    { text: "a", side: "both" },
    { text: "b", side: "was" },
    { text: "c", side: "both" },
  ])
})

test("what is too long to compare stands there as a whole", () => {
  const long = "x ".repeat(20_000)
  expect(compared(long, `${long}y`).map((part) => part.side)).toEqual(["was", "now"])
})
