import { expect, test } from "vitest"
import type { Exam, Quality } from "@/features/observers/queries"
import { learned, quality, refusal, why } from "@/features/observers/telling"

const QUALITY: Quality = {
  traces: 1000,
  problems: 400,
  wrong: 250,
  auc: 0.8,
  auc_low: 0.75,
  auc_high: 0.85,
  brier: 0.14,
  brier_of_share: 0.1875,
  recall_at_90: 0.1,
}
const EXAM = { wrong: 10, marked: 10, precision: 1, low: 0.787, required: 0.9 } as Exam

test("what an observer learned from and how good it is are sentences", () => {
  expect(learned(QUALITY)).toBe("It learned from 1,000 traces of 400 problems, 250 of them wrong (25.0%).")
  expect(quality(QUALITY)[0]).toContain("80.0% of all pairs: AUC 0.800, 95% interval 0.750 to 0.850.")
  expect(quality(QUALITY)[1]).toContain("0.140; always saying the share of wrong traces would get 0.188.")
})

test("an observer that may be guessing is said to be", () => {
  expect(quality({ ...QUALITY, auc_low: 0.48 })[0]).toContain("may be chance")
  expect(quality({ ...QUALITY, brier: 0.2 })[1]).toContain("which is no worse")
})

test("ten of ten do not pass for nine of ten, and the sentence says why", () => {
  expect(why(EXAM)).toBe(
    "10 of 10 marked traces are wrong: 100.0%, with 95% confidence at least 78.7%; 90.0% was asked.",
  )
  expect(refusal({ exams: [EXAM] })).toContain("not passed")
  expect(refusal({ exams: [] })).toContain("not sat an exam")
})
