import { expect, test } from "vitest"
import { gapAt, hasWords, placeOf, term, terms, valueFor, withTerm, words } from "@/ui/query"

test("a query is fields with values, words and phrases", () => {
  const read = terms('source:gsm8k steps:>5 apples "half as many" source2:"a b" https://e.org 5:30')
  expect(read.map((one) => [one.field, one.value])).toEqual([
    ["source", "gsm8k"],
    ["steps", ">5"],
    [null, "apples"],
    [null, "half as many"],
    [null, "source2:"],
    [null, "a b"],
    [null, "https://e.org"],
    [null, "5:30"],
  ])
})

test("what is not finished is read as far as it goes", () => {
  expect(terms('source:"gsm')).toMatchObject([{ field: "source", value: "gsm", start: 0, end: 11 }])
  expect(terms("verdict: ")).toMatchObject([{ field: "verdict", value: "" }])
  expect(terms("   ")).toEqual([])
})

test("a value with spaces is quoted, and takes the place of the one before", () => {
  expect(term("source", "my file")).toBe('source:"my file"')
  expect(withTerm("apples source:a steps:>5", "source", "b c")).toBe('apples source:"b c" steps:>5')
  expect(withTerm("apples", "verdict", "wrong")).toBe("apples verdict:wrong")
  expect(withTerm("verdict:wrong apples verdict:right", "verdict")).toBe("apples")
  expect(valueFor('source:"b c"', "source")).toBe("b c")
})

test("only words can be ranked", () => {
  expect([hasWords("verdict:wrong"), hasWords("verdict:wrong pie"), hasWords("")]).toEqual([
    false,
    true,
    false,
  ])
})

test("words that look like a field are searched as they are", () => {
  expect(words("apple pie")).toBe("apple pie")
  expect(words('note: "x"')).toBe('"note:  x"')
})

test("a completion takes the place of what is being typed and of nothing else", () => {
  expect(gapAt("sou", 3)).toEqual({ start: 0, end: 3, field: null, typed: "sou" })
  expect(gapAt("pie verdict:wr steps:5", 14)).toEqual({ start: 4, end: 14, field: "verdict", typed: "wr" })
  expect(gapAt("pie ", 4)).toEqual({ start: 4, end: 4, field: null, typed: "" })
  expect(gapAt('"half as', 8)).toBeNull()
})

test("the server counts characters, the browser units: an emoji does not shift the mark", () => {
  const query = "🍎🍎 sauce:x"
  const at = placeOf("'sauce' is no field (at character 4)", query)
  expect(query.slice(at ?? 0)).toBe("sauce:x")
  expect(placeOf("The disk is full.", query)).toBeNull()
})
