import type { ReactNode } from "react"
import { useCallback, useEffect, useMemo } from "react"
import { judge } from "@/features/traces/judged"
import { Outline } from "@/features/traces/Outline"
import type { Trace, Verdicts } from "@/features/traces/queries"
import { StepCard } from "@/features/traces/StepCard"
import { TraceFacts } from "@/features/traces/TraceFacts"
import { Badge } from "@/ui/Badge"
import { useKeys } from "@/ui/keys"
import { Marked } from "@/ui/Marked"
import { Rendered } from "@/ui/Rendered"

interface Props {
  trace: Trace
  verdicts: Verdicts | undefined
  /** The step stood on, or -1. */
  current: number
  rendered: boolean
  onStep: (index: number) => void
  children?: ReactNode
}

const NO_SPANS: never[] = []

/** A trace to be read: outline left, text in the middle, facts right; one column when narrow. */
export function TraceReader({ trace, verdicts, current, rendered, onStep, children }: Props) {
  const { payload } = trace
  const steps = useMemo(() => judge(payload.steps, verdicts), [payload.steps, verdicts])
  const last = steps.length - 1
  const go = useCallback((index: number) => onStep(Math.max(0, Math.min(last, index))), [last, onStep])
  const wrong = steps.findIndex((step) => step.outcome === "wrong")
  useKeys({
    j: () => go(current + 1),
    k: () => go(current - 1),
    e: () => wrong >= 0 && go(wrong),
  })
  useEffect(() => {
    if (current >= 0) document.getElementById(`step-${current}`)?.scrollIntoView({ block: "nearest" })
  }, [current])
  const Text = rendered ? Rendered : Marked
  const expected = payload.meta?.expected_answer
  return (
    <div className="min-h-0 flex-1 overflow-auto md:grid md:grid-cols-[208px_minmax(0,1fr)] md:overflow-hidden xl:grid-cols-[208px_minmax(0,1fr)_300px]">
      <Outline steps={steps} current={current} onGo={go} />
      <div className="px-4 py-4 md:overflow-auto md:px-6" tabIndex={0} role="region" aria-label="Trace">
        <div className="mx-auto max-w-[760px]">
          {wrong >= 0 && (
            <button type="button" className="btn mb-3" onClick={() => go(wrong)}>
              First wrong step: {wrong + 1} <kbd className="kbd">e</kbd>
            </button>
          )}
          <Part title="Prompt">
            <Text text={payload.prompt} spans={NO_SPANS} />
          </Part>
          <ol aria-label="Steps" className="my-3 flex flex-col gap-2">
            {steps.map((judged, index) => (
              <StepCard
                // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
                key={index}
                judged={judged}
                index={index}
                current={index === current}
                rendered={rendered}
                onChoose={go}
              />
            ))}
          </ol>
          <Part title="Final answer" badge={verdicts?.answer?.outcome}>
            <Text text={payload.final_answer} spans={NO_SPANS} />
            {expected !== undefined && expected !== null && (
              <p className="mt-2 text-sm text-muted">
                Expected <span className="font-mono text-fg">{String(expected)}</span>
              </p>
            )}
          </Part>
          <div className="mt-6 xl:hidden">
            <TraceFacts trace={trace} verdicts={verdicts}>
              {children}
            </TraceFacts>
          </div>
        </div>
      </div>
      <aside
        aria-label="About this trace"
        tabIndex={0}
        className="hidden overflow-auto border-l border-line p-4 xl:block"
      >
        <TraceFacts trace={trace} verdicts={verdicts}>
          {children}
        </TraceFacts>
      </aside>
    </div>
  )
}

function Part({
  title,
  badge,
  children,
}: {
  title: string
  badge?: string | undefined
  children: ReactNode
}) {
  return (
    <section className="rounded-lg border border-line bg-sunken p-4">
      <h2 className="mb-1 flex items-center gap-2 text-xs font-semibold text-muted">
        {title} {badge && <Badge value={badge} />}
      </h2>
      {children}
    </section>
  )
}
