import { useEffect, useRef } from "react"
import uPlot from "uplot"
import "uplot/dist/uPlot.min.css"
import { useTheme } from "@/ui/theme"
import { bytes, inBytes, metric } from "@/ui/words"

export interface Series {
  name: string
  values: (number | null)[]
}

interface Props {
  label: string
  steps: number[]
  series: Series[]
  logarithmic: boolean
  /** How much of the past each value remembers, 0 to 1; the raw line stays, faint. */
  smoothing: number
  /** What the lines go over. */
  over?: string
}

const HEIGHT = 240
// Okabe-Ito; its orange and sky blue are too pale on white, so light has darker ones.
const INKS = {
  light: ["#0072b2", "#d55e00", "#00805d", "#a8518a", "#b37400", "#2b8cc4"],
  dark: ["#56b4e9", "#e69f00", "#2fc795", "#e09bc3", "#f0e442", "#d55e00"],
} as const
/** Steps are counted, so nothing stands between two of them. */
const WHOLE = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((one) => one * 10 ** power)).flat()
const SHOWN_IN_TABLE = 60

/** Lines over steps, drawn on a canvas, with the same numbers in a table beneath. */
export default function LineChart(props: Props) {
  const { label, steps, series, logarithmic, smoothing, over = "step" } = props
  const host = useRef<HTMLDivElement>(null)
  const { version } = useTheme()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` redraws when the theme changes
  useEffect(() => {
    const box = host.current
    if (!box) return
    const ink = getComputedStyle(box)
    const dark = isDark(ink.color)
    const inks = dark ? INKS.dark : INKS.light
    const lines = series.flatMap((one, index) => {
      const stroke = inks[index % inks.length] as string
      if (smoothing === 0) return [{ name: one.name, values: one.values, stroke, faint: false }]
      const smooth = smoothed(one.values, smoothing)
      const raw = { name: `${one.name} (raw)`, values: one.values, stroke, faint: true }
      return [raw, { name: one.name, values: smooth, stroke, faint: false }]
    })
    const plot = new uPlot(
      {
        width: box.clientWidth,
        height: HEIGHT,
        scales: { x: { time: false }, y: { distr: logarithmic ? 3 : 1 } },
        axes: [
          { ...axis(ink.color), incrs: WHOLE },
          series.every((one) => inBytes(one.name)) ? axis(ink.color, bytes, 76) : axis(ink.color),
        ],
        cursor: { sync: { key: "run" } },
        series: [
          { label: over },
          ...lines.map((line) => ({
            label: line.name,
            stroke: line.faint ? `${line.stroke}55` : line.stroke,
            width: line.faint ? 1 : 1.5,
            spanGaps: true,
            points: { show: line.values.filter((value) => value !== null).length < 3 },
            value: (_: uPlot, value: number | null) => shown(line.name, value),
          })),
        ],
      },
      [steps, ...lines.map((line) => line.values)],
      box,
    )
    const watcher = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: HEIGHT }))
    watcher.observe(box)
    return () => {
      watcher.disconnect()
      plot.destroy()
    }
  }, [steps, series, logarithmic, smoothing, over, version])
  return (
    <figure>
      <div ref={host} role="img" aria-label={label} className="w-full overflow-hidden" />
      <Numbers label={label} steps={steps} series={series} over={over} />
    </figure>
  )
}

function Numbers({
  label,
  steps,
  series,
  over,
}: Pick<Props, "label" | "steps" | "series"> & { over: string }) {
  const first = Math.max(0, steps.length - SHOWN_IN_TABLE)
  return (
    <details className="mt-1 text-sm">
      <summary className="text-muted">Numbers</summary>
      <div tabIndex={0} role="region" aria-label={`${label}: numbers`} className="max-h-60 overflow-auto">
        <table>
          <caption className="text-left text-muted">
            {first > 0 ? `The last ${SHOWN_IN_TABLE} of ${steps.length} points drawn` : "Every point drawn"}
          </caption>
          <thead>
            <tr>
              {[over, ...series.map((one) => one.name)].map((name) => (
                <th key={name} scope="col" className="pr-6">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="font-mono">
            {steps.slice(first).map((step, index) => (
              <tr key={step}>
                <td className="pr-6">{step}</td>
                {series.map((one) => (
                  <td key={one.name} className="pr-6">
                    {shown(one.name, one.values[first + index])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

function shown(name: string, value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : metric(name, value)
}

/** Exponential moving average, corrected for its cold start; gaps stay gaps. */
export function smoothed(values: readonly (number | null)[], memory: number): (number | null)[] {
  let kept = 0
  let weight = 0
  return values.map((value) => {
    if (value === null) return null
    kept = kept * memory + value * (1 - memory)
    weight = weight * memory + (1 - memory)
    return kept / weight
  })
}

function axis(ink: string, words: (tick: number) => string = tickWords, size = 52): uPlot.Axis {
  return {
    stroke: ink,
    grid: { stroke: "rgba(128,128,128,.18)", width: 1 },
    ticks: { stroke: "rgba(128,128,128,.3)", width: 1 },
    font: "11px system-ui, sans-serif",
    size,
    values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : words(tick))),
  }
}

function tickWords(tick: number): string {
  const size = Math.abs(tick)
  return size !== 0 && (size < 0.001 || size >= 1e6) ? tick.toExponential(0) : tick.toLocaleString("en")
}

/** The page's ink is light when the page is dark. */
function isDark(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number)
  return red + green + blue > 382
}
