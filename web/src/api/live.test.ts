import { expect, test } from "vitest"
import { followLog, type Line, type LiveState, linesOf } from "@/api/live"

const chunk = (text: string, seq = 1) => ({ seq, stream: "stdout", chunk: text })

test("a chunk is cut into lines, and a redrawn line keeps its last state", () => {
  const texts = linesOf(chunk("one\r\n 10%\r 20%\r100%\n\nlast")).map((line) => line.text)
  expect(texts).toEqual(["one", "100%", "", "last"])
})

/** Stands for the browser's EventSource, so that a test can be the server. */
class Wire extends EventTarget {
  static readonly CLOSED = 2
  static last: Wire
  readyState = 1
  onopen: (() => void) | null = null

  constructor(readonly url: string) {
    super()
    Wire.last = this
  }

  close(): void {
    this.readyState = Wire.CLOSED
  }

  send(type: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }))
  }
}

function follow(): { lines: Line[]; states: LiveState[]; ends: (string | null)[] } {
  globalThis.EventSource = Wire as unknown as typeof EventSource
  const seen = { lines: [] as Line[], states: [] as LiveState[], ends: [] as (string | null)[] }
  followLog("r/1", {
    onLines: (lines) => seen.lines.push(...lines),
    onState: (state) => seen.states.push(state),
    onEnd: (message) => seen.ends.push(message),
  })
  return seen
}

test("a line that comes twice after a reconnection is shown once", () => {
  const seen = follow()

  Wire.last.send("log", chunk("a\n", 1))
  Wire.last.dispatchEvent(new Event("error"))
  Wire.last.send("log", chunk("a\n", 1))
  Wire.last.send("log", chunk("b\n", 2))

  expect(Wire.last.url).toBe("/api/runs/r%2F1/logs")
  expect(seen.lines.map((line) => line.text)).toEqual(["a", "b"])
  expect(seen.states).toEqual(["connecting", "reconnecting"])
})

test("a status ends the stream, and so does the server's own error", () => {
  const done = follow()
  Wire.last.send("status", { status: "completed" })
  const refused = follow()
  Wire.last.send("error", { error: "Run x not found" })

  expect(done.ends).toEqual([null])
  expect(refused.ends).toEqual(["Run x not found"])
  expect(Wire.last.readyState).toBe(Wire.CLOSED)
})
