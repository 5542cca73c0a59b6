import { expect, test } from "vitest"
import { completions } from "@/features/traces/completing"
import type { Facets } from "@/features/traces/queries"
import { gapAt } from "@/ui/query"

const FACETS = {
  total: 3,
  sources: [
    { value: "my file.jsonl", count: 2 },
    { value: "gsm8k", count: 1 },
  ],
  models: [{ value: null, count: 3 }],
  verdicts: [],
  labels: [],
  types: [],
} as unknown as Facets
const offered = (text: string) =>
  completions(gapAt(text, text.length), FACETS).map((completion) => completion.put)

test("the beginning of a field's name is completed", () => {
  expect(offered("so")).toEqual(["source:"])
  expect(offered("pie i")).toEqual(["is:deleted"])
  expect(offered("apples")).toEqual([])
})

test("values are those that the store holds, quoted where they must be", () => {
  expect(offered("source:")).toEqual(['source:"my file.jsonl" ', "source:gsm8k "])
  expect(offered("source:GSM")).toEqual(["source:gsm8k "])
  expect(offered("model:")).toEqual([])
  expect(offered("verdict:ri")).toEqual(["verdict:right "])
})
