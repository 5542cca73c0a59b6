import { expect, test } from "vitest"
import { parts } from "@/features/intake/parts"

function streamOf(text: string, chunk: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(at, at + chunk))
      at += chunk
    },
  })
}

async function cut(text: string, chunk: number, size: number) {
  const found: { text: string; lines: number }[] = []
  for await (const part of parts(streamOf(text, chunk), size))
    found.push({ text: new TextDecoder().decode(part.bytes), lines: part.lines })
  return found
}

test("the parts joined are the stream, and each but the last ends with a line", async () => {
  const text = `${"🍎 one\ntwo\n\n".repeat(40)}a line that is longer than a part by far\nlast`
  for (const [chunk, size] of [
    [1, 10],
    [7, 16],
    [1000, 8],
    [13, 100_000],
  ] as const) {
    const found = await cut(text, chunk, size)
    expect(found.map((part) => part.text).join("")).toBe(text)
    expect(found.slice(0, -1).every((part) => part.text.endsWith("\n"))).toBe(true)
    expect(found.reduce((sum, part) => sum + part.lines, 0)).toBe(text.split("\n").length - 1)
  }
})

test("an empty stream has no part", async () => {
  expect(await cut("", 5, 5)).toEqual([])
})

test("a stream that breaks says that the file cannot be read, after the parts before it", async () => {
  const found: number[] = []
  const broken = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (found.length > 0) controller.error(new TypeError("not a gzip"))
        else controller.enqueue(new TextEncoder().encode("one\ntwo\n"))
      },
    },
    { highWaterMark: 0 },
  )
  const read = async () => {
    for await (const part of parts(broken, 4)) found.push(part.lines)
  }
  await expect(read()).rejects.toThrow("The file cannot be read: TypeError: not a gzip")
  expect(found).toEqual([2])
})
