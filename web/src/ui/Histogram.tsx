import { count } from "@/ui/words"

export interface Bin {
  /** Both included. */
  low: number
  high: number
  value: number
}

interface Props {
  label: string
  /** What is counted. */
  unit: string
  bins: readonly Bin[]
}

/** How values are spread: bars, and the same as a table. */
export function Histogram({ label, unit, bins }: Props) {
  const most = Math.max(1, ...bins.map((bin) => bin.value))
  const width = 100 / Math.max(1, bins.length)
  const said = (bin: Bin): string =>
    bin.low === bin.high ? count(bin.low) : `${count(bin.low)} to ${count(bin.high)}`
  const peak = bins.find((bin) => bin.value === most)
  return (
    <figure className="max-w-3xl">
      <figcaption className="pb-1 text-sm text-muted">{label}</figcaption>
      <svg
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: most ${unit} at ${peak ? said(peak) : "none"}`}
        className="h-28 w-full border-b border-edge"
      >
        {bins.map((bin, place) => (
          <rect
            key={bin.low}
            x={place * width + width * 0.06}
            width={width * 0.88}
            y={100 - (100 * bin.value) / most}
            height={(100 * bin.value) / most}
            className="fill-accent"
          >
            <title>{`${said(bin)}: ${count(bin.value)} ${unit}`}</title>
          </rect>
        ))}
      </svg>
      <p aria-hidden className="flex justify-between text-xs text-muted tabular-nums">
        <span>{count(bins[0]?.low ?? 0)}</span>
        <span>{count(bins.at(-1)?.high ?? 0)}</span>
      </p>
      <details className="mt-1">
        <summary className="w-fit text-sm text-muted">Numbers</summary>
        <table className="text-sm">
          <tbody>
            {bins.map((bin) => (
              <tr key={bin.low}>
                <th scope="row" className="pr-6 font-normal tabular-nums">
                  {said(bin)}
                </th>
                <td className="text-right tabular-nums">
                  {count(bin.value)} {unit}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}
