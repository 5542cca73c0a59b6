import { expect, test } from "vitest"
import { head, unfit } from "@/features/intake/looking"

test("the head of a file is its first bytes, and whether there are more", async () => {
  const text = "one\ntwo\nthree\n"
  const read = async (most: number) => {
    const { bytes, cut } = await head(blobOf(text, 5), most)
    return [new TextDecoder().decode(bytes), cut]
  }
  expect(await read(100)).toEqual([text, false])
  expect(await read(text.length)).toEqual([text, false])
  expect(await read(7)).toEqual(["one\ntwo", true])
})

test.each([
  ["a.jsonl", '{"a": 1}\n{"a": 2}', null],
  ["a.jsonl", "not json at all", null],
  ["a.json", '[{"a": 1}]', /a record a line/],
  ["a.json", '{\n  "a": 1\n}', /a record a line/],
  ["a.csv", "a,b\n1,2", /table/],
  ["a.csv.gz", "a,b\n1,2", /table/],
  ["a", "PAR1", /table/],
])("%s that begins with %j can be sent line by line, or it is said why not", (name, start, why) => {
  if (why) expect(unfit(name, start)).toMatch(why)
  else expect(unfit(name, start)).toBeNull()
})

/** jsdom's Blob cannot stream. */
function blobOf(text: string, chunk: number): Blob {
  const bytes = new TextEncoder().encode(text)
  let at = 0
  return {
    slice: (from: number, to: number) => ({ arrayBuffer: async () => bytes.slice(from, to).buffer }),
    stream: () =>
      new ReadableStream({
        pull: (controller) => {
          if (at >= bytes.length) return controller.close()
          controller.enqueue(bytes.slice(at, at + chunk))
          at += chunk
        },
      }),
  } as unknown as Blob
}
