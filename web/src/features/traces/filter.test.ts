import { expect, test } from "vitest"
import { filterOf, readTraceSearch } from "@/features/traces/filter"

test("what the address says is taken only where it makes sense", () => {
  const read = readTraceSearch({ q: 12, verdict: "maybe", source: "", model: "m", at: 3.7, other: "x" })
  expect(read).toEqual({ q: "12", model: "m", at: 3 })
  expect(readTraceSearch({ verdict: "none", at: -1 })).toEqual({ verdict: "none" })
})

test("the row one stands on is not part of the filter", () => {
  expect(filterOf({ q: "apples", verdict: "wrong", at: 9 })).toEqual({ q: "apples", verdict: "wrong" })
})
