import { expect, test } from "vitest"
import { mixtureSizes, scarcest } from "@/features/datasets/mixing"

test("parts get their shares of what is asked for", () => {
  expect(mixtureSizes([1000, 1000], [70, 30], 300)).toEqual([210, 90])
  expect(scarcest([1000, 1000], [70, 30], 300)).toBeNull()
})

test("a part that is too small makes the whole smaller, and is named", () => {
  expect(mixtureSizes([1000, 30], [1, 1], 300)).toEqual([30, 30])
  expect(scarcest([1000, 30], [1, 1], 300)).toBe(1)
})

test("a part without traces leaves nothing", () => {
  expect(mixtureSizes([1000, 0], [1, 1], 300)).toEqual([0, 0])
})
