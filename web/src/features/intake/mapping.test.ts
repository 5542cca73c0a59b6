import { expect, test } from "vitest"
import { guessed, missing, pairs } from "@/features/intake/mapping"

test("columns with usual names are guessed, in any case", () => {
  expect(guessed(["id", "Question", "reasoning", "final", "response"])).toEqual({
    prompt: "Question",
    steps: "reasoning",
    answer: "final",
    response: "",
    kept: [],
  })
  expect(guessed(["input", "output"])).toMatchObject({ prompt: "input", steps: "", response: "output" })
  expect(pairs(guessed(["a", "b"]))).toEqual([])
})

test("a mapping is sent as pairs, what is kept as meta", () => {
  const mapping = { prompt: "q", steps: "", answer: "info.final", response: "", kept: ["level"] }
  expect(pairs(mapping)).toEqual(["prompt=q", "answer=info.final", "meta.level=level"])
})

test("what a mapping still lacks is said", () => {
  const none = { prompt: "q", steps: "", answer: "", response: "", kept: [] }
  expect(missing(none)).toMatch(/the steps or of the answer/)
  expect(missing({ ...none, answer: "a" })).toBeNull()
  expect(missing({ ...none, answer: "a", response: "r" })).toMatch(/either/)
})
