import { expect, test } from "vitest"
import { configOf, draftOf, fieldsOf } from "@/ui/options"

const FIELDS = fieldsOf(
  {
    properties: {
      jaccard: { anyOf: [{ type: "number", minimum: 0.3, maximum: 1 }, { type: "null" }], default: 0.8 },
      masked: { anyOf: [{ type: "number" }, { type: "null" }], default: null, description: "Of the\ntext." },
      tokenizer: { anyOf: [{ type: "string" }, { type: "null" }], default: null },
      items: { type: "array", items: { type: "string" }, default: [] },
      suites: { type: "array", items: { type: "string" }, default: [] },
    },
  },
  { offered: { suites: [{ name: "gsm8k-test", note: "" }] }, lists: true },
)

test("what may be nothing is a number or a text that may be empty", () => {
  expect(FIELDS.map((field) => field.kind)).toEqual(["number", "number", "text", "list", "many"])
  expect(FIELDS[0]).toMatchObject({ isOptional: true, min: 0.3, max: 1, initial: 0.8 })
  expect(FIELDS[1]?.note).toBe("Of the text.")
  expect(configOf(FIELDS, draftOf(FIELDS, {}))).toEqual({})
})

test("an emptied number asks for nothing, a written one for itself, and lines are a list", () => {
  const draft = {
    ...draftOf(FIELDS, {}),
    jaccard: "",
    masked: "0.9",
    items: " one \n\ntwo",
    suites: ["gsm8k-test"],
  }
  const config = { jaccard: null, masked: 0.9, items: ["one", "two"], suites: ["gsm8k-test"] }
  expect(configOf(FIELDS, draft)).toEqual(config)
  expect(configOf(FIELDS, draftOf(FIELDS, config))).toEqual(config)
})
