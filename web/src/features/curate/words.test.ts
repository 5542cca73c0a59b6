import { expect, test } from "vitest"
import { evidenceWords, filterWords, keptWords } from "@/features/curate/words"

test("evidence is said in words, without the places of characters", () => {
  expect(evidenceWords({ similarity: 0.902, text: "raw", start: 0, item_end: 9, twin: null })).toBe(
    "similarity 0.9020, text raw",
  )
  expect(evidenceWords(null)).toBe("")
})

test("a filter is said field by field, and nothing asked for is all traces", () => {
  expect(filterWords({ source: "gsm8k", q: "eggs", deleted: false, meta: [], model: null })).toBe(
    "source:gsm8k eggs",
  )
  expect(filterWords({ deleted: false, meta: [] })).toBe("all traces")
  expect(filterWords("verdict:right")).toBe("verdict:right")
})

test("nothing looked at has no share", () => {
  expect(keptWords(0, 0)).toBe("0 of 0 kept")
  expect(keptWords(4, 10)).toBe("4 of 10 kept, 40.0%")
})
