import type { JudgedStep } from "@/features/traces/judged"
import { Mark } from "@/ui/Badge"
import { count } from "@/ui/words"

interface Props {
  steps: readonly JudgedStep[]
  current: number
  onGo: (index: number) => void
}

/** The steps at a glance: number, length, type, whether there is a warning, verdict. */
export function Outline({ steps, current, onGo }: Props) {
  const longest = Math.max(1, ...steps.map(({ step }) => step.content.length))
  const total = steps.reduce((sum, { step }) => sum + step.content.length, 0)
  return (
    <nav aria-label="Steps" className="hidden min-h-0 overflow-auto border-r border-line p-2 md:block">
      <p className="px-2 pb-1 text-xs font-medium text-muted">
        {count(steps.length)} {steps.length === 1 ? "step" : "steps"} · {count(total)} characters
      </p>
      <ol>
        {steps.map(({ step, outcome, warnings }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
          <li key={index}>
            <button
              type="button"
              onClick={() => onGo(index)}
              aria-current={index === current ? "step" : undefined}
              className="grid h-7 w-full grid-cols-[24px_44px_minmax(0,1fr)_12px_16px] items-center gap-1 rounded-md px-2 text-left hover:bg-hover aria-[current=step]:bg-sel"
            >
              <span className="text-muted tabular-nums">{index + 1}</span>
              <span
                aria-hidden
                className="h-1.5 rounded-full bg-edge"
                style={{ width: 3 + (step.content.length / longest) * 41 }}
              />
              <span className="truncate">{step.type}</span>
              <span>{warnings.length > 0 && <Mark value="warning" />}</span>
              <Mark value={outcome} />
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
