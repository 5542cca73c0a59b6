/** Follow a run's log and state over server-sent events, without losing or doubling a line. */

export interface Line {
  seq: number
  stream: string
  text: string
}

export interface Listener {
  onLines: (lines: Line[]) => void
  onState: (state: LiveState) => void
  /** The run came to its end, or the server refused; nothing more will come. */
  onEnd: (message: string | null) => void
}

export type LiveState = "connecting" | "live" | "reconnecting" | "ended"

interface Chunk {
  seq: number
  stream: string
  chunk: string
}

/** Opens the stream; the answer closes it. The browser reconnects with Last-Event-ID. */
export function followLog(runId: string, listener: Listener): () => void {
  const source = new EventSource(`/api/runs/${encodeURIComponent(runId)}/logs`)
  let last = 0
  const end = (message: string | null): void => {
    source.close()
    listener.onState("ended")
    listener.onEnd(message)
  }
  listener.onState("connecting")
  source.onopen = () => listener.onState("live")
  source.addEventListener("log", (event) => {
    const chunk = JSON.parse(event.data) as Chunk
    if (chunk.seq <= last) return
    last = chunk.seq
    listener.onLines(linesOf(chunk))
  })
  source.addEventListener("status", () => end(null))
  // The server's own `error` event and the browser's connection error share a name.
  source.addEventListener("error", (event) => {
    if (event instanceof MessageEvent) end(String((JSON.parse(event.data) as { error: unknown }).error))
    else if (source.readyState === EventSource.CLOSED) end("The log cannot be read right now.")
    else listener.onState("reconnecting")
  })
  return () => source.close()
}

/** The lines of one chunk; of a line redrawn with carriage returns only its last state. */
export function linesOf({ seq, stream, chunk }: Chunk): Line[] {
  const lines = chunk.split("\n")
  if (lines.at(-1) === "") lines.pop()
  return lines.map((line) => ({ seq, stream, text: line.replace(/\r$/, "").split("\r").at(-1) ?? "" }))
}
