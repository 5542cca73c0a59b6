/** The verdicts of a trace, laid out by step: which spans are marked, what each step is worth. */
import type { Trace, Verdicts } from "@/features/traces/queries"
import type { Span } from "@/ui/spans"

export type Step = Trace["payload"]["steps"][number]

export interface JudgedStep {
  step: Step
  /** null: no step verifier found anything to judge here. */
  outcome: string | null
  spans: Span[]
}

/** A claim's `step` is the step's place in the list, from 0. */
export function judge(steps: readonly Step[], verdicts: Verdicts | undefined): JudgedStep[] {
  const found = verdicts?.steps
  const spans = steps.map((): Span[] => [])
  // Only the first claims are kept; the first error is always told, and may be among them.
  const first = found?.first_error ? [found.first_error] : []
  for (const claim of [...(found?.claims ?? []), ...first]) {
    const own = spans[claim.step]
    const known = own?.some((span) => span.start === claim.start && span.end === claim.end)
    if (!known) own?.push(claim)
  }
  return steps.map((step, index) => {
    const own = [...(spans[index] ?? [])].sort((one, other) => one.start - other.start)
    return { step, outcome: worst(own), spans: own }
  })
}

/** A step with a wrong claim is wrong; with a right one and none wrong, right. */
function worst(spans: readonly Span[]): string | null {
  const outcomes = new Set(spans.map((span) => span.outcome))
  return ["wrong", "right", "undecided"].find((outcome) => outcomes.has(outcome)) ?? null
}
