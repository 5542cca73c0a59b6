import { memo, type ReactNode, useMemo } from "react"
import { type JudgedStep, warnedSpans } from "@/features/traces/judged"
import type { Annotation } from "@/features/traces/marks"
import { SaidList } from "@/features/traces/SaidList"
import { WarningList } from "@/features/traces/WarningList"
import { Badge, Mark } from "@/ui/Badge"
import { Marked } from "@/ui/Marked"
import { Rendered } from "@/ui/Rendered"
import { count } from "@/ui/words"

interface Props {
  judged: JudgedStep
  index: number
  current: boolean
  rendered: boolean
  onChoose: (index: number) => void
  said: readonly Annotation[]
  onTakeBack: ((annotation: string) => void) | undefined
  /** What can be said of it, on the step one stands on. */
  children?: ReactNode
}

/** One step: its text as it was stored, the judged spans marked, and what was said of each. */
export const StepCard = memo(function StepCard(props: Props) {
  const { judged, index, current, rendered, onChoose, said, onTakeBack, children } = props
  const { step, outcome, spans, warnings } = judged
  const marked = useMemo(() => [...spans, ...warnedSpans(warnings)], [spans, warnings])
  const label = said.find((one) => one.kind === "label")
  const rest = said.filter((one) => one.kind !== "label")
  const Text = rendered ? Rendered : Marked
  return (
    <li
      id={`step-${index}`}
      data-current={current || undefined}
      className={`rounded-lg border p-4 [contain-intrinsic-size:auto_140px] [content-visibility:auto] data-current:ring-2 data-current:ring-accent ${outcome === "wrong" ? "border-bad" : "border-line"}`}
    >
      <div className="mb-2 flex flex-wrap items-center gap-2 text-sm">
        <button type="button" className="font-semibold hover:underline" onClick={() => onChoose(index)}>
          Step {index + 1}
        </button>
        <span className="rounded border border-line px-1.5 text-xs">{step.type}</span>
        {outcome && <Badge value={outcome} />}
        {warnings.length > 0 && <Badge value="warning" />}
        {label && <Badge value={label.name} />}
        <span className="ml-auto text-muted tabular-nums">{count(step.content.length)} chars</span>
      </div>
      <Text text={step.content} spans={marked} />
      {spans.length > 0 && (
        <ul aria-label={`Claims of step ${index + 1}`} className="mt-3 flex flex-col gap-1 text-sm">
          {spans.map((span) => (
            <li
              key={`${span.start}-${span.end}`}
              className={`flex gap-2 border-l-2 pl-2 ${span.outcome === "wrong" ? "border-bad" : "border-line"}`}
            >
              <Mark value={span.outcome} />
              <span className="min-w-0 break-words">{span.message}</span>
              <span className="ml-auto shrink-0 text-muted tabular-nums">
                {span.start}–{span.end}
              </span>
            </li>
          ))}
        </ul>
      )}
      <WarningList label={`Warnings of step ${index + 1}`} warnings={warnings} />
      {rest.length > 0 && (
        <div className="mt-3 border-t border-line pt-2">
          <SaidList label={`Said of step ${index + 1}`} said={rest} onTakeBack={onTakeBack} />
        </div>
      )}
      {children && <div className="mt-3 flex flex-col gap-2 border-t border-line pt-3">{children}</div>}
    </li>
  )
})
