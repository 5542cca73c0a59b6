import { expect, test } from "vitest"
import { askOf, providerConfig } from "@/features/judges/asked"

test("the model stands beside what JSON says of the provider", () => {
  expect(providerConfig("m", '{"base_url": "http://here/v1"}')).toEqual({
    base_url: "http://here/v1",
    model: "m",
  })
  expect(providerConfig("", "")).toEqual({})
})

test("what is no object is told in words", () => {
  expect(providerConfig("m", "[1]")).toContain("one JSON object")
  expect(providerConfig("m", "{")).toContain("is no JSON")
})

test("a form without a limit asks about every trace", () => {
  const form = new FormData()
  for (const [name, value] of Object.entries({ name: "plan", subject: "steps", votes: "3", limit: "" }))
    form.set(name, value)
  expect(askOf(form)).toMatchObject({
    rubric: { name: "plan", subject: "steps", show_expected: false },
    votes: 3,
    limit: null,
  })
})
