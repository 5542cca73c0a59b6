import { expect, test } from "vitest"
import { configOf, fieldsOf, missingPath } from "@/features/tasks/config"
import type { Generator } from "@/features/tasks/queries"
import { draftOf } from "@/ui/options"

const generator = (properties: object, families: Generator["families"] = []): Generator => ({
  name: "x",
  summary: "",
  version: "1",
  available: true,
  install: null,
  families,
  config_schema: { properties },
})

const CARDS = fieldsOf(
  generator({
    families: { type: "array", items: { type: "string", enum: ["a", "b"] }, default: ["a", "b"] },
    weights: { type: "object", default: { a: 1 } },
    discards: { type: "integer", default: 5, minimum: 0, maximum: 20 },
    worked: { type: "boolean", default: true },
  }),
)

test("every kind of value has its control, and what has none is JSON", () => {
  expect(CARDS.map((field) => field.kind)).toEqual(["many", "json", "number", "flag"])
})

test("a form that nobody touched asks for nothing", () => {
  expect(configOf(CARDS, draftOf(CARDS, {}))).toEqual({})
})

test("what was changed is asked for, and comes back from the address", () => {
  const changed = { families: ["b"], weights: { a: 2 }, discards: 7, worked: false }
  expect(configOf(CARDS, draftOf(CARDS, changed))).toEqual(changed)
})

test("what is not finished is named", () => {
  const draft = draftOf(CARDS, {})
  expect(configOf(CARDS, { ...draft, weights: "{" })).toBe("weights is not JSON.")
  expect(configOf(CARDS, { ...draft, discards: "" })).toBe("discards is not a number.")
})

test("families that only the generator knows are offered, and said to have no steps", () => {
  const [field] = fieldsOf(
    generator({ families: { type: "array", items: { type: "string" }, default: ["gcd"] } }, [
      { name: "gcd", worked: true },
      { name: "maze", worked: false },
    ]),
  )
  expect(field).toMatchObject({ kind: "many", options: [{ note: "" }, { name: "maze", note: "no steps" }] })
})

test("a file has to be named", () => {
  const fields = fieldsOf(generator({ path: { type: "string", format: "path", default: "." } }))
  expect(draftOf(fields, {})).toEqual({ path: "" })
  expect(missingPath(fields, {})).toBe("path")
  expect(missingPath(fields, { path: "mine.jsonl" })).toBeUndefined()
})
