import type { Observer } from "@/features/observers/queries"

type Coefficient = Observer["coefficients"][number]

/** What counts, heaviest first: to the right for wrong, to the left for right. */
export function Coefficients({ rows }: { rows: readonly Coefficient[] }) {
  const counted = rows.filter((row) => row.weight !== 0)
  const most = Math.max(...counted.map((row) => Math.abs(row.weight)))
  return (
    <ul className="flex max-w-2xl flex-col" aria-label="What counts">
      {counted.map((row) => (
        <li
          key={row.feature}
          className="grid min-h-6 grid-cols-[minmax(0,1fr)_120px_56px] items-center gap-3 sm:grid-cols-[minmax(0,1fr)_240px_56px]"
        >
          <span className="truncate" title={row.feature}>
            {row.feature.replaceAll("_", " ")}
          </span>
          <Bar share={row.weight / most} />
          <span className="text-right text-sm tabular-nums">{signed(row.weight)}</span>
        </li>
      ))}
    </ul>
  )
}

function Bar({ share }: { share: number }) {
  const width = Math.abs(share) * 100
  return (
    <svg viewBox="-100 0 200 12" preserveAspectRatio="none" aria-hidden className="block h-3 w-full">
      <rect
        x={share < 0 ? -width : 0}
        y="2"
        width={width}
        height="8"
        className={share < 0 ? "fill-ok" : "fill-bad"}
      />
      <line x1="0" x2="0" y1="0" y2="12" className="stroke-edge" vectorEffect="non-scaling-stroke" />
    </svg>
  )
}

function signed(weight: number): string {
  return `${weight > 0 ? "+" : "−"}${Math.abs(weight).toFixed(2)}`
}
