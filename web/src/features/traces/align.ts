/** Two lists of steps laid side by side, so that what belongs together stands in one row. */
import { diffWordsWithSpace } from "diff"

export interface Row {
  /** Places in the two lists; null where one has nothing to stand beside the other. */
  a: number | null
  b: number | null
  same: boolean
}

/** Beyond this many pairs, steps are laid side by side by their place. */
const MOST_PAIRS = 160_000
const WORDS_LOOKED_AT = 80
/** Steps that share less than this are two steps and not one that changed. */
const ALIKE = 0.3

/** Needleman and Wunsch, with the share of common words as the gain of a pair. */
export function align(a: readonly string[], b: readonly string[]): Row[] {
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  const left = Math.min(a.length, b.length) - head
  while (tail < left && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  const middle = between(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  const pair = (i: number, j: number): Row => ({ a: i, b: j, same: true })
  return [
    ...Array.from({ length: head }, (_, i) => pair(i, i)),
    ...middle.map((row) => ({
      a: row.a === null ? null : row.a + head,
      b: row.b === null ? null : row.b + head,
      same: row.same,
    })),
    ...Array.from({ length: tail }, (_, i) => pair(a.length - tail + i, b.length - tail + i)),
  ]
}

function between(a: readonly string[], b: readonly string[]): Row[] {
  if (a.length * b.length > MOST_PAIRS) return byPlace(a, b)
  const [sa, sb] = [a.map(wordsOf), b.map(wordsOf)]
  const width = b.length + 1
  const best = new Float64Array((a.length + 1) * width)
  const gain = (i: number, j: number): number =>
    a[i] === b[j] ? 1 : alike(sa[i] as Set<string>, sb[j] as Set<string>) - ALIKE
  const at = (i: number, j: number): number => best[i * width + j] as number
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      best[i * width + j] = Math.max(at(i + 1, j + 1) + gain(i, j), at(i + 1, j), at(i, j + 1))
  const rows: Row[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const both = i < a.length && j < b.length
    if (both && gain(i, j) > 0 && at(i, j) === at(i + 1, j + 1) + gain(i, j))
      rows.push({ a: i, b: j, same: a[i++] === b[j++] })
    else if (i < a.length && (j === b.length || at(i, j) === at(i + 1, j)))
      rows.push({ a: i++, b: null, same: false })
    else rows.push({ a: null, b: j++, same: false })
  }
  return rows
}

function byPlace(a: readonly string[], b: readonly string[]): Row[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => ({
    a: i < a.length ? i : null,
    b: i < b.length ? i : null,
    same: a[i] === b[i],
  }))
}

function wordsOf(text: string): Set<string> {
  return new Set(
    text
      .slice(0, 2000)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu)
      ?.slice(0, WORDS_LOOKED_AT),
  )
}

/** Dice: the common words, twice, of all words. */
function alike(a: Set<string>, b: Set<string>): number {
  let common = 0
  for (const word of a) if (b.has(word)) common += 1
  return a.size + b.size === 0 ? 1 : (2 * common) / (a.size + b.size)
}

export interface Piece {
  text: string
  changed: boolean
}

const LONGEST = 20_000

/** What stands in one text and not in the other, word by word; a text too long to compare is whole. */
export function changes(a: string, b: string): [Piece[], Piece[]] {
  const whole = (text: string): Piece[] => (text ? [{ text, changed: a !== b }] : [])
  if (a === b || a.length + b.length > LONGEST) return [whole(a), whole(b)]
  const parts = diffWordsWithSpace(a, b, { timeout: 200 })
  if (!parts) return [whole(a), whole(b)]
  const side = (other: "added" | "removed", own: "added" | "removed"): Piece[] =>
    parts.filter((part) => !part[other]).map((part) => ({ text: part.value, changed: part[own] }))
  return [side("added", "removed"), side("removed", "added")]
}
