import { expect, test } from "vitest"
import { align, changes } from "@/features/traces/align"

const places = (a: string[], b: string[]) => align(a, b).map((row) => [row.a, row.b, row.same])

test("a step that only one of them has stands alone, and the rest stays side by side", () => {
  const long = ["Count the apples.", "There are 2 + 2 = 4 apples.", "The answer is 4."]
  expect(places(long, [long[0] as string, long[2] as string])).toEqual([
    [0, 0, true],
    [1, null, false],
    [2, 1, true],
  ])
})

test("a step that was changed is beside what it was, not above it", () => {
  const a = ["Count the apples.", "There are 2 + 2 = 4 apples in all.", "Done: 4."]
  const b = ["Count the apples.", "There are 2 + 2 = 5 apples in all.", "So the answer must be five"]
  expect(places(a, b).slice(0, 2)).toEqual([
    [0, 0, true],
    [1, 1, false],
  ])
})

test("every step stands in exactly one row, in order, whatever the lists", () => {
  const a = Array.from({ length: 40 }, (_, i) => `step ${i % 7} of ${i}`)
  const b = Array.from({ length: 33 }, (_, i) => `step ${i % 5} of ${i * 2}`)
  for (const [x, y] of [
    [a, b],
    [[], b],
    [a, []],
    [[], []],
  ] as const) {
    const rows = align(x, y)
    expect(rows.flatMap((row) => (row.a === null ? [] : [row.a]))).toEqual([...x.keys()])
    expect(rows.flatMap((row) => (row.b === null ? [] : [row.b]))).toEqual([...y.keys()])
  }
})

test("a thousand steps against a thousand others come back at all", () => {
  const rows = align(
    Array.from({ length: 1000 }, (_, i) => `a ${i}`),
    Array.from({ length: 1000 }, (_, i) => `b ${i}`),
  )
  expect(rows.length).toBe(1000)
})

test("the pieces of each side joined are its text, and only words that differ are marked", () => {
  const [left, right] = changes("so 2 + 2 = 4 apples", "so 2 + 2 = 5 apples")
  expect(left.map((piece) => piece.text).join("")).toBe("so 2 + 2 = 4 apples")
  expect(right.filter((piece) => piece.changed).map((piece) => piece.text)).toEqual(["5"])
  expect(changes("same", "same")[0]).toEqual([{ text: "same", changed: false }])
})
