import type { Warning } from "@/features/traces/queries"
import { Mark } from "@/ui/Badge"

interface Props {
  label: string
  warnings: readonly Warning[]
}

/** What a person should look at, with its kind and, where it has one, its place. */
export function WarningList({ label, warnings }: Props) {
  if (warnings.length === 0) return null
  return (
    <ul aria-label={label} className="mt-3 flex flex-col gap-1 text-sm">
      {warnings.map(({ kind, start, end, message }, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: two may say the same of the same place
          key={index}
          className="flex gap-2 border-l-2 border-dotted border-warn pl-2"
        >
          <Mark value="warning" />
          <span className="min-w-0 break-words">
            <span className="text-muted">{kind.replaceAll("_", " ")}:</span> {message}
          </span>
          {start !== null && end !== null && (
            <span className="ml-auto shrink-0 text-muted tabular-nums">
              {start}–{end}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
