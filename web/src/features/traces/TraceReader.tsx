import type { ReactNode } from "react"
import { useCallback, useEffect, useMemo, useState } from "react"
import { judge } from "@/features/traces/judged"
import { Outline } from "@/features/traces/Outline"
import type { Trace, Verdicts } from "@/features/traces/queries"
import { SaidPanel } from "@/features/traces/SaidPanel"
import { LabelButtons, NoteForm } from "@/features/traces/Saying"
import { StepCard } from "@/features/traces/StepCard"
import { type Place, useSaid } from "@/features/traces/said"
import { TraceFacts } from "@/features/traces/TraceFacts"
import { Badge } from "@/ui/Badge"
import { useKeys } from "@/ui/keys"
import { Marked } from "@/ui/Marked"
import { useMedia } from "@/ui/media"
import { Rendered } from "@/ui/Rendered"

interface Props {
  trace: Trace
  verdicts: Verdicts | undefined
  /** The step stood on, or -1. */
  current: number
  rendered: boolean
  onStep: (index: number) => void
  /** What others than verifiers say of its truth. */
  besides?: ReactNode
  children?: ReactNode
}

const NO_SPANS: never[] = []

/** A trace to be read: outline left, text in the middle, facts right; one column when narrow. */
export function TraceReader({ trace, verdicts, current, rendered, onStep, besides, children }: Props) {
  const { payload } = trace
  const steps = useMemo(() => judge(payload.steps, verdicts), [payload.steps, verdicts])
  const last = steps.length - 1
  const go = useCallback((index: number) => onStep(Math.max(0, Math.min(last, index))), [last, onStep])
  const wrong = steps.findIndex((step) => step.outcome === "wrong")
  const warned = steps.flatMap(({ warnings }, index) => (warnings.length > 0 ? [index] : []))
  const nextWarned = warned.find((index) => index > current) ?? warned[0]
  const said = useSaid(trace.id, trace.deleted_at === null)
  const place: Place = current >= 0 ? current : null
  const [noting, setNoting] = useState<Place | undefined>()
  const beside = useMedia("(min-width: 1280px)")
  const when = (act: () => void) => () => said.open && act()
  useKeys({
    1: when(() => said.label(place, "good")),
    2: when(() => said.label(place, "neutral")),
    3: when(() => said.label(place, "bad")),
    n: when(() => setNoting(place)),
    j: () => go(current + 1),
    k: () => go(current - 1),
    e: () => wrong >= 0 && go(wrong),
    w: () => nextWarned !== undefined && go(nextWarned),
  })
  useEffect(() => {
    if (current >= 0) document.getElementById(`step-${current}`)?.scrollIntoView({ block: "nearest" })
  }, [current])
  const Text = rendered ? Rendered : Marked
  const expected = payload.meta?.expected_answer
  const facts = (
    <>
      {said.open && (
        <SaidPanel
          said={said}
          noting={noting === null}
          onNote={(open) => setNoting(open ? null : undefined)}
        />
      )}
      <TraceFacts trace={trace} verdicts={verdicts} besides={besides}>
        {children}
      </TraceFacts>
    </>
  )
  return (
    <div className="min-h-0 flex-1 overflow-auto md:grid md:grid-cols-[208px_minmax(0,1fr)] md:overflow-hidden xl:grid-cols-[208px_minmax(0,1fr)_300px]">
      <Outline steps={steps} current={current} onGo={go} />
      <div className="px-4 py-4 md:overflow-auto md:px-6" tabIndex={0} role="region" aria-label="Trace">
        <div className="mx-auto max-w-[760px]">
          <div className="flex flex-wrap gap-2 not-empty:mb-3">
            {wrong >= 0 && (
              <button type="button" className="btn" onClick={() => go(wrong)}>
                First wrong step: {wrong + 1} <kbd className="kbd">e</kbd>
              </button>
            )}
            {nextWarned !== undefined && (
              <button type="button" className="btn" onClick={() => go(nextWarned)}>
                Step with a warning: {nextWarned + 1} <kbd className="kbd">w</kbd>
              </button>
            )}
          </div>
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
                said={said.of(index)}
                onTakeBack={said.open ? said.takeBack : undefined}
              >
                {said.open && index === current && (
                  <>
                    <div className="flex flex-wrap gap-1">
                      <LabelButtons said={said} place={index} />
                      <button type="button" className="btn" onClick={() => setNoting(index)}>
                        Note <kbd className="kbd">n</kbd>
                      </button>
                    </div>
                    {noting === index && (
                      <NoteForm said={said} place={index} onClose={() => setNoting(undefined)} />
                    )}
                  </>
                )}
              </StepCard>
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
          {!beside && <div className="mt-6">{facts}</div>}
        </div>
      </div>
      {beside && (
        <aside aria-label="About this trace" tabIndex={0} className="overflow-auto border-l border-line p-4">
          {facts}
        </aside>
      )}
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
