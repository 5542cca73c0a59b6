import { expect, test } from "vitest"
import { filterOf, readTraceSearch, showsDeleted } from "@/features/traces/filter"

test("what the address says is taken only where it makes sense", () => {
  expect(readTraceSearch({ query: 12, order: "oldest", at: 3.7, other: "x" })).toEqual({ query: "12", at: 3 })
  expect(readTraceSearch({ query: "  ", at: -1 })).toEqual({})
})

test("an address from before the query language means what it meant", () => {
  const read = readTraceSearch({ q: "two: apples", verdict: "wrong", source: "my file" })
  expect(read).toEqual({ query: 'source:"my file" verdict:wrong "two: apples"' })
})

test("the row one stands on is not part of the filter, and only words can be ranked", () => {
  expect(filterOf({ query: "apples", order: "rank", at: 9 })).toEqual({ query: "apples", order: "rank" })
  expect(filterOf({ query: "steps:>5", order: "rank" })).toEqual({ query: "steps:>5" })
})

test("deleted traces are shown only when they are asked for", () => {
  expect([showsDeleted({ query: "is:deleted pie" }), showsDeleted({ query: "deleted" })]).toEqual([
    true,
    false,
  ])
})
