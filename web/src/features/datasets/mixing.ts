/** What a mixture comes to, as the server reckons it. */

/** Rows of each part: its share of the largest whole that no part is too small for. */
export function mixtureSizes(
  available: readonly number[],
  shares: readonly number[],
  limit: number,
): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0)
  if (available.includes(0)) return available.map(() => 0) // such a mixture is refused
  const whole = Math.min(limit, ...available.map((rows, place) => (rows * total) / (shares[place] as number)))
  return available.map((rows, place) =>
    Math.min(rows, Math.max(1, Math.round((whole * (shares[place] as number)) / total))),
  )
}

/** The part that keeps the whole small, if there is one. */
export function scarcest(
  available: readonly number[],
  shares: readonly number[],
  limit: number,
): number | null {
  const total = shares.reduce((sum, share) => sum + share, 0)
  const wholes = available.map((rows, place) => (rows * total) / (shares[place] as number))
  const least = Math.min(...wholes)
  return least < limit ? wholes.indexOf(least) : null
}
