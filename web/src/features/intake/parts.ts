/** A stream of lines in parts of whole lines, so that a file of any size is sent in little memory. */

export interface Part {
  bytes: Uint8Array<ArrayBuffer>
  lines: number
}

const NEWLINE = 10

/** A line that does not end is cut here: no trace is as long, and memory is not without end. */
const LONGEST = 64_000_000

/** Parts of about `size` bytes. A line longer than that is a part of its own. */
export async function* parts(stream: ReadableStream<Uint8Array>, size: number): AsyncGenerator<Part> {
  const reader = stream.getReader()
  let waiting: Uint8Array[] = []
  let length = 0
  const join = (): Uint8Array<ArrayBuffer> => {
    const all = new Uint8Array(length)
    let at = 0
    for (const piece of waiting) {
      all.set(piece, at)
      at += piece.length
    }
    return all
  }
  try {
    for (;;) {
      const { value, done } = await reader.read().catch(broken)
      if (done) break
      waiting.push(value)
      length += value.length
      if (length < size || (!value.includes(NEWLINE) && length < LONGEST)) continue
      const all = join()
      const end = all.lastIndexOf(NEWLINE) + 1 || all.length
      yield { bytes: all.slice(0, end), lines: newlines(all.subarray(0, end)) }
      waiting = [all.slice(end)]
      length = all.length - end
    }
  } finally {
    await reader.cancel().catch(() => undefined) // who stops listening lets go of the file
  }
  if (length > 0) {
    const bytes = join()
    yield { bytes, lines: newlines(bytes) }
  }
}

/** Not to be taken for a request that failed, which is a TypeError as well. */
function broken(error: unknown): never {
  throw new Error(`The file cannot be read: ${String(error)}`, { cause: error })
}

function newlines(bytes: Uint8Array): number {
  let found = 0
  for (const byte of bytes) if (byte === NEWLINE) found += 1
  return found
}
