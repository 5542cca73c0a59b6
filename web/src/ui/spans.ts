/**
 * Character spans of a text, as the server gives them: offsets count code points, as Python does.
 *
 * JavaScript counts UTF-16 units, so every character outside the basic plane (an emoji, many
 * mathematical letters) would shift all that follows it by one.
 */

export interface Span {
  start: number
  end: number
  outcome: string
  message: string
}

export interface Piece {
  text: string
  /** Where the piece begins, in code points. */
  at: number
  span: Span | null
}

/** Worse hides better where spans overlap. */
const RANK: Record<string, number> = { wrong: 4, warning: 3, undecided: 2, right: 1 }

/** The text cut where spans begin and end; joined again, the pieces are the text. */
export function cut(text: string, spans: readonly Span[]): Piece[] {
  const { units, length } = unitOffsets(
    text,
    spans.flatMap((span) => [span.start, span.end]),
  )
  const known = spans.filter((span) => span.start < span.end && span.start < length && span.end > 0)
  const edges = [0, length, ...known.flatMap((span) => [Math.max(0, span.start), Math.min(length, span.end)])]
  const points = [...new Set(edges)].sort((one, other) => one - other)
  const unit = (point: number): number => units.get(point) ?? (point === 0 ? 0 : text.length)
  return points.slice(0, -1).map((start, index) => {
    const end = points[index + 1] as number
    const covering = known.filter((span) => span.start <= start && span.end >= end)
    const span = covering.reduce<Span | null>((worst, one) => (rank(one) > rank(worst) ? one : worst), null)
    return { text: text.slice(unit(start), unit(end)), at: start, span }
  })
}

/** The same span in UTF-16 units, for code that slices JavaScript strings. */
export function inUnits<S extends Span>(text: string, spans: readonly S[]): S[] {
  const { units } = unitOffsets(
    text,
    spans.flatMap((span) => [span.start, span.end]),
  )
  const unit = (point: number): number => units.get(point) ?? text.length
  return spans.map((span) => ({ ...span, start: unit(span.start), end: unit(span.end) }))
}

function rank(span: Span | null): number {
  return span ? (RANK[span.outcome] ?? 0) : -1
}

/** One walk over the text; surrogate pairs count once. */
function unitOffsets(
  text: string,
  points: readonly number[],
): { units: Map<number, number>; length: number } {
  const wanted = new Set(points)
  const units = new Map<number, number>()
  let point = 0
  let unit = 0
  for (const character of text) {
    if (wanted.has(point)) units.set(point, unit)
    point += 1
    unit += character.length
  }
  if (wanted.has(point)) units.set(point, unit)
  return { units, length: point }
}
