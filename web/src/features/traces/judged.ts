/** The verdicts of a trace, laid out by step: which spans are marked, what each step is worth. */
import type { Trace, Verdicts, Warning } from "@/features/traces/queries"
import type { Span } from "@/ui/spans"

export type Step = Trace["payload"]["steps"][number]

export interface JudgedStep {
  step: Step
  /** null: no step verifier found anything to judge here. */
  outcome: string | null
  spans: Span[]
  /** What a person should look at; it is no verdict. */
  warnings: Warning[]
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
    const warnings = warningsOf(verdicts).filter((one) => one.step === index)
    return { step, outcome: worst(own), spans: own, warnings }
  })
}

/** What the detectors found; where nobody looked there is nothing. */
export function warningsOf(verdicts: Verdicts | undefined): readonly Warning[] {
  return verdicts?.steps?.warnings ?? []
}

/** The characters that warnings are about, to be marked beside those of the claims. */
export function warnedSpans(warnings: readonly Warning[]): Span[] {
  return warnings.flatMap(({ start, end, message }) =>
    start === null || end === null ? [] : [{ start, end, message, outcome: "warning" }],
  )
}

/** A step with a wrong claim is wrong; with a right one and none wrong, right. */
function worst(spans: readonly Span[]): string | null {
  const outcomes = new Set(spans.map((span) => span.outcome))
  return ["wrong", "right", "undecided"].find((outcome) => outcomes.has(outcome)) ?? null
}
