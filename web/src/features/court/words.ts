/** What a court found, in sentences. */
import type { Report } from "@/features/court/queries"
import { wordFor } from "@/ui/Badge"
import { count, percent } from "@/ui/words"

/** What a witness says of a case; a witness that never looked says nothing. */
export function says(word: string): string {
  return word === "none" ? "says nothing" : `says ${wordFor(word).toLowerCase()}`
}

/** How often both say the same, and how much of that is more than chance. */
export function agreed({ cases, agreement }: Pick<Report, "cases" | "agreement">): string {
  const { share, low, high, kappa } = agreement
  const often = `They say the same of ${percent(share)} of ${count(cases)} cases`
  const interval = `95% interval from ${percent(low)} to ${percent(high)}`
  if (kappa === null) return `${often} (${interval}); chance alone would make them agree always.`
  return `${often} (${interval}); Cohen's kappa is ${kappa.toFixed(2)}, where 1 is always and 0 no more than by chance.`
}

/** Cases in cells that nobody has ruled on: no rate speaks of them. */
export function unseen({ witnesses }: Pick<Report, "witnesses">): number {
  return Math.max(0, ...witnesses.map((one) => one.false_positive.unseen))
}
