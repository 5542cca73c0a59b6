import { expect, test } from "vitest"
import { cut, inUnits, type Span } from "@/ui/spans"

const span = (start: number, end: number, outcome = "wrong"): Span => ({ start, end, outcome, message: "" })
/** Where Python would find it. */
const at = (text: string, part: string): [number, number] => {
  const start = [...text.slice(0, text.indexOf(part))].length
  return [start, start + [...part].length]
}

test("offsets count code points, so an emoji before the span does not shift it", () => {
  const text = "🍎🍎 so 𝑥 = 85 follows"

  const marked = cut(text, [span(...at(text, "𝑥 = 85"))]).filter((piece) => piece.span)

  expect(marked.map((piece) => piece.text)).toEqual(["𝑥 = 85"])
})

test("the pieces joined are the text, whatever the spans", () => {
  const text = "a🍎b\r\ncé"
  for (const spans of [[], [span(0, 99)], [span(2, 1)], [span(-3, 2), span(1, 5)], [span(50, 60)]])
    expect(
      cut(text, spans)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text)
})

test("where spans overlap the worse one is shown", () => {
  const pieces = cut("abcdef", [span(0, 4, "right"), span(2, 6, "wrong")])
  expect(pieces.map((piece) => [piece.text, piece.span?.outcome])).toEqual([
    ["ab", "right"],
    ["cd", "wrong"],
    ["ef", "wrong"],
  ])
})

test("an empty text is no piece", () => {
  expect(cut("", [span(0, 3)])).toEqual([])
})

test("spans for JavaScript strings are in UTF-16 units", () => {
  const text = "🍎 85"
  const [found] = inUnits(text, [span(...at(text, "85"))])
  expect(text.slice(found?.start, found?.end)).toBe("85")
})
