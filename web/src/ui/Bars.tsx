import type { ReactNode } from "react"
import { Share } from "@/ui/Share"
import { count, percent } from "@/ui/words"

export interface Bar {
  name: string
  /** The name as drawn, where it is more than words. */
  shown?: ReactNode
  value: number
}

interface Props {
  label: string
  bars: readonly Bar[]
  /** What all of it is; without it, the sum. */
  total?: number
}

/** How a whole is divided: a bar, a number and a share for each part. */
export function Bars({ label, bars, total = bars.reduce((sum, one) => sum + one.value, 0) }: Props) {
  return (
    <ul aria-label={label} className="flex flex-col gap-1 text-sm">
      {bars.map((one) => (
        <li
          key={one.name}
          className="grid grid-cols-[minmax(0,1fr)_64px_92px] items-center gap-2 sm:grid-cols-[minmax(0,1fr)_96px_104px]"
        >
          <span className="truncate" title={one.name}>
            {one.shown ?? one.name}
          </span>
          <Share value={total > 0 ? one.value / total : 0} />
          <span className="text-right tabular-nums">
            {count(one.value)}{" "}
            <span className="text-muted">{total > 0 ? percent(one.value / total) : ""}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
