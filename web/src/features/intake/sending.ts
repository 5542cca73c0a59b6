/** Sends a file of lines to the server part by part, and gathers what became of each line. */
import { ApiError, ask } from "@/api/client"
import { parts } from "@/features/intake/parts"

export interface Rejected {
  line: number
  reason: string
}

export interface Sent {
  /** Bytes of the file that were read so far. */
  read: number
  added: number
  known: number
  rejected: number
  /** The first lines that are no traces. */
  examples: readonly Rejected[]
}

export interface Order {
  file: Blob
  source: string
  format: string
  /** `part=column`, where the records are of no format and are mapped. */
  map: readonly string[]
  signal: AbortSignal
  onSent: (sent: Sent) => void
}

const PART = 4_000_000
export const MOST_EXAMPLES = 200
export const NOTHING: Sent = { read: 0, added: 0, known: 0, rejected: 0, examples: [] }

/** Everything, unless the signal says stop; what was stored until then stays, and is known next time. */
export async function send(order: Order): Promise<Sent> {
  let sent = NOTHING
  let before = 0
  let read = 0
  const stream = await linesOf(order.file, (bytes) => {
    read += bytes
  })
  for await (const part of parts(stream, PART)) {
    order.signal.throwIfAborted()
    const query = new URLSearchParams(order.map.map((pair) => ["map", pair]))
    query.set("source", order.source)
    if (order.map.length === 0) query.set("format", order.format)
    const response = await fetch(`/api/traces/stream?${query}`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: part.bytes,
      signal: order.signal,
    })
    const answer = await response.text()
    if (!response.ok) await ask(Promise.resolve({ error: readable(answer), response }))
    sent = { ...added(sent, answer, before), read }
    before += part.lines
    order.onSent(sent)
  }
  return { ...sent, read: order.file.size }
}

/** The text of a file, unpacked where it is packed; `onRead` hears of the bytes as they lie in the file. */
export async function linesOf(
  file: Blob,
  onRead: (bytes: number) => void = () => undefined,
): Promise<ReadableStream<Uint8Array>> {
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, out) => {
      onRead(chunk.length)
      out.enqueue(chunk)
    },
  })
  const stream = file.stream().pipeThrough(counting) as ReadableStream<Uint8Array>
  if (!(await isGzip(file))) return stream
  return stream.pipeThrough(
    new DecompressionStream("gzip") as unknown as ReadableWritablePair<Uint8Array, Uint8Array>,
  )
}

/** What the answer to one part says; its lines are counted from `before`. */
export function added(sent: Sent, answer: string, before: number): Sent {
  const next = { ...sent, examples: [...sent.examples] }
  for (const text of answer.split("\n")) {
    const said = text ? (readable(text) as { line?: number; error?: string; known?: boolean }) : null
    if (said?.line === undefined) continue // the report repeats in sum what the lines say
    if (said.error === undefined) next[said.known ? "known" : "added"] += 1
    else {
      next.rejected += 1
      if (next.examples.length < MOST_EXAMPLES)
        next.examples.push({ line: before + said.line, reason: said.error })
    }
  }
  return next
}

function readable(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function isGzip(file: Blob): Promise<boolean> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  return first === 0x1f && second === 0x8b
}

/** Stopped by the person who started it. */
export function wasStopped(error: unknown): boolean {
  return !(error instanceof ApiError) && error instanceof Error && error.name === "AbortError"
}
