import { expect, test } from "vitest"
import { added, NOTHING, send } from "@/features/intake/sending"

const ANSWER = [
  '{"line":1,"id":"a","known":false}',
  '{"line":2,"error":"steps: too short"}',
  '{"line":3,"id":"b","known":true}',
  '{"source":"x","records":3,"added":1,"known":1,"rejected":1}',
  "",
].join("\n")

test("what became of each line is counted, and a refused line keeps its number in the whole file", () => {
  const first = added(NOTHING, ANSWER, 0)
  const second = added(first, ANSWER, 3)
  expect(second).toMatchObject({ added: 2, known: 2, rejected: 2 })
  expect(second.examples.map((one) => one.line)).toEqual([2, 5])
})

test("a refusal of the server is an error in its own words", async () => {
  globalThis.fetch = (async () =>
    Response.json({ detail: "There is no format 'xml'." }, { status: 404 })) as typeof fetch
  const order = {
    source: "s",
    format: "xml",
    map: [],
    signal: new AbortController().signal,
    onSent: () => {},
  }
  await expect(send({ ...order, file: blobOf('{"a":1}\n') })).rejects.toThrow("There is no format 'xml'.")
})

test("lines are sent as they are, and nothing is sent once it is stopped", async () => {
  const bodies: string[] = []
  globalThis.fetch = (async (_address: string, init: { body: Uint8Array }) => {
    bodies.push(new TextDecoder().decode(init.body))
    return new Response(ANSWER)
  }) as unknown as typeof fetch
  const stop = new AbortController()
  const order = { source: "s", format: "jsonl", map: [], signal: stop.signal, onSent: () => {} }
  const sent = await send({ ...order, file: blobOf("one\ntwo\nthree") })
  expect(bodies).toEqual(["one\ntwo\nthree"])
  expect(sent).toMatchObject({ added: 1, read: 13 })
  stop.abort()
  await expect(send({ ...order, file: blobOf("one") })).rejects.toThrow()
  expect(bodies.length).toBe(1)
})

/** jsdom's Blob cannot stream. */
function blobOf(text: string): Blob {
  const bytes = new TextEncoder().encode(text)
  return {
    size: bytes.length,
    slice: (from: number, to: number) => ({
      arrayBuffer: async () => bytes.slice(from, to).buffer,
    }),
    stream: () =>
      new ReadableStream({
        start: (controller) => {
          controller.enqueue(bytes)
          controller.close()
        },
      }),
  } as unknown as Blob
}
