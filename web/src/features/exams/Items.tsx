import { type ShownStep, stepsOf } from "@/features/exams/changed"
import { kindWords } from "@/features/exams/kinds"
import type { ExamItem } from "@/features/exams/queries"
import { NodeLink } from "@/ui/NodeLink"

/** The changed traces: what was planted is marked, and beside it what stood there before. */
export function Items({ items }: { items: readonly ExamItem[] }) {
  return (
    <ul aria-label="Items" className="card divide-y divide-line">
      {items.map((item) => (
        <li key={item.position}>
          <details>
            <summary className="grid min-h-9 grid-cols-[40px_96px_minmax(0,1fr)] items-center gap-3 px-3 hover:bg-hover md:grid-cols-[40px_96px_minmax(0,1fr)_minmax(0,280px)]">
              <span className="text-sm text-muted tabular-nums">{item.position + 1}</span>
              <span className="text-sm">{kindWords(item.kind)}</span>
              <span className="truncate">{item.prompt}</span>
              <span className="hidden truncate text-sm md:block">
                <Change item={item} />
              </span>
            </summary>
            <Opened item={item} />
          </details>
        </li>
      ))}
    </ul>
  )
}

function Change({ item }: { item: ExamItem }) {
  return (
    <>
      step {item.step + 1}: <Was>{item.before}</Was> {item.after && <Now>{item.after}</Now>}
    </>
  )
}

function Opened({ item }: { item: ExamItem }) {
  const answered = item.final_answer !== item.clean.final_answer
  return (
    <div className="flex flex-col gap-3 bg-sunken p-4">
      <p className="text-md break-words whitespace-pre-wrap">{item.prompt}</p>
      <ol className="flex flex-col gap-2">
        {stepsOf(item).map((step, place) => (
          <Step key={step.key} step={step} place={place} dropped={item.kind === "dropped_step"} />
        ))}
      </ol>
      <p className="break-words whitespace-pre-wrap">
        <span className="text-muted">Answer</span> {answered && <Was>{item.clean.final_answer}</Was>}{" "}
        {answered ? <Now>{item.final_answer}</Now> : item.final_answer}
      </p>
      <p className="text-sm text-muted">
        The clean twin: <NodeLink node={{ kind: "trace", id: item.trace_id, label: "" }} />
      </p>
    </div>
  )
}

function Step({ step, place, dropped }: { step: ShownStep; place: number; dropped: boolean }) {
  const follows = !step.planted && step.parts.some((part) => part.side !== "both")
  const said = step.planted ? (dropped ? "dropped" : "planted here") : follows && "follows from it"
  return (
    <li className={`border-l-2 pl-3 ${step.planted ? "border-bad" : "border-line"}`}>
      <p className="text-xs text-muted">
        {place + 1} {step.type} {said && <span className="font-medium text-bad">{said}</span>}
      </p>
      <p className="text-md break-words whitespace-pre-wrap">
        {step.parts.map((part, at) => {
          const key = `${at} ${part.side}`
          if (part.side === "was") return <Was key={key}>{part.text}</Was>
          if (part.side === "now") return <Now key={key}>{part.text}</Now>
          return <span key={key}>{part.text}</span>
        })}
      </p>
    </li>
  )
}

function Was({ children }: { children: string }) {
  return (
    <del className="mr-0.5 text-muted">
      <span className="sr-only">before: </span>
      {children}
    </del>
  )
}

function Now({ children }: { children: string }) {
  return (
    <ins className="mark-wrong mr-0.5">
      <span className="sr-only">now: </span>
      {children}
    </ins>
  )
}
