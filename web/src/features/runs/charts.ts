/** From the points of a run to the charts that show them: one for every kind of loss, one per other metric. */
import type { Metrics } from "@/features/runs/queries"
import type { Series } from "@/ui/LineChart"

export interface Chart {
  title: string
  steps: number[]
  series: Series[]
}

const LOSS = /loss/i

export function chartsOf(points: Metrics["points"]): Chart[] {
  const ordered = [...points].sort((one, other) => one.step - other.step)
  const names = [...new Set(ordered.flatMap((point) => Object.keys(point.values)))].sort(byName)
  const losses = names.filter((name) => LOSS.test(name))
  const groups = [
    ...(losses.length > 0 ? [losses] : []),
    ...names.filter((name) => !LOSS.test(name)).map((name) => [name]),
  ]
  return groups.map((group) => chart(group, ordered))
}

/** "loss" before "eval_loss": what is trained on comes first. */
function byName(one: string, other: string): number {
  return one.length - other.length || one.localeCompare(other)
}

function chart(names: string[], points: Metrics["points"]): Chart {
  const bySteps = new Map<number, Record<string, number>>()
  for (const { step, values } of points) {
    const own = names.filter((name) => Number.isFinite(values[name]))
    if (own.length === 0) continue
    const before = bySteps.get(step) ?? {}
    bySteps.set(step, { ...before, ...Object.fromEntries(own.map((name) => [name, values[name] as number])) })
  }
  const rows = [...bySteps.values()]
  return {
    title: words(names.length === 1 ? (names[0] as string) : "loss"),
    steps: [...bySteps.keys()],
    series: names.map((name) => ({ name: words(name), values: rows.map((row) => row[name] ?? null) })),
  }
}

function words(name: string): string {
  const spaced = name.replaceAll("_", " ")
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
