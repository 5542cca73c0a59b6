/** A look at what is to be imported, before anything is stored. */
import { queryOptions } from "@tanstack/react-query"
import { ask } from "@/api/client"
import { linesOf } from "@/features/intake/sending"

/** What the server makes of the first bytes of a file. */
export interface Preview {
  /** null: no format knows these records. */
  format: string | null
  columns: string[]
  records: number
  traces: number
  rejected: number
  rows: { row: number; trace: { prompt: string; final_answer: string; steps: { content: string }[] } }[]
  problems: { row: number | null; column: string | null; reason: string }[]
}

export interface Look extends Preview {
  /** There is more than was looked at. */
  cut: boolean
}

export const AUTO = "auto"
export const MAPPED = "mapped"

const HEAD = 1_000_000
/** Typing goes on a little longer than this between two letters. */
const PAUSE_MS = 300

/** What a person gives: a file of this computer, or lines that were pasted. */
export interface Content {
  blob: Blob
  /** What it is called where it has a name, else empty. */
  name: string
  /** The same for the same content. */
  key: string
}

export function contentOf(file: File | null, pasted: string): Content | null {
  if (file) return { blob: file, name: file.name, key: `${file.name} ${file.size} ${file.lastModified}` }
  return pasted.trim() ? { blob: new Blob([pasted]), name: "", key: pasted } : null
}

export function looking(content: Content | null, format: string, map: readonly string[]) {
  return queryOptions({
    queryKey: ["intake", "look", content?.key, format, map],
    enabled: content !== null,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: async ({ signal }): Promise<Look> => {
      const { blob, name } = content as Content
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      const { bytes, cut } = await head(blob, HEAD)
      const why = unfit(name, new TextDecoder("latin1").decode(bytes.subarray(0, 200)))
      if (why) throw new Error(why)
      signal.throwIfAborted()
      const query = new URLSearchParams(map.map((pair) => ["map", pair]))
      if (map.length === 0) query.set("format", format)
      query.set("cut", String(cut))
      const response = await fetch(`/api/traces/preview?${query}`, {
        method: "POST",
        headers: { "content-type": "application/octet-stream" },
        body: bytes,
        signal,
      })
      const said: unknown = await response.json()
      const answer = response.ok ? { data: said as Preview, response } : { error: said, response }
      return { ...(await ask<Preview>(Promise.resolve(answer))), cut }
    },
  })
}

const ELSEWHERE = "Import it with `tunix-rt traces import`, or as a file on the server."

/** Why a file cannot be sent line by line, or null. */
export function unfit(name: string, start: string): string | null {
  if (/\.(csv|tsv|parquet|eval|zst|zip)(\.gz)?$/i.test(name) || /^(PAR1|PK|\(\xb5)/.test(start))
    return `A table or an archive cannot be sent from the browser. ${ELSEWHERE}`
  const text = start.trimStart()
  if (text.startsWith("[") || /^\{\s*[\r\n]/.test(text))
    return `This file does not have a record a line. ${ELSEWHERE}`
  return null
}

/** The first bytes, unpacked, and whether there are more. */
export async function head(
  content: Blob,
  most: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; cut: boolean }> {
  const reader = (await linesOf(content)).getReader()
  const bytes = new Uint8Array(most)
  let length = 0
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return { bytes: bytes.slice(0, length), cut: false }
      bytes.set(value.subarray(0, most - length), length)
      if (length + value.length > most) return { bytes, cut: true }
      length += value.length
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
