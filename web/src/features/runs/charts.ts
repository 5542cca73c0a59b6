/** From the points of a run to the charts that show them: one for each unit. */
import type { Metrics } from "@/features/runs/queries"
import type { Series } from "@/ui/LineChart"

export interface Chart {
  title: string
  steps: number[]
  series: Series[]
}

type Unit = readonly [title: string, takes: RegExp]

/** Metrics of one unit share a chart. These come first, then each other metric alone, then `LAST`. */
const FIRST: readonly Unit[] = [
  ["Reward", /^reward(_|$)/],
  ["Right answers", /^(right|accuracy|.*_(accuracy|greedy))$/],
  ["Loss", /loss/i],
  ["Shares", /^(varied_groups|ended|trained_share|useful_share|clipped|preferred)$/],
  ["Log-probability", /^logp_/],
]
const LAST: readonly Unit[] = [
  ["Seconds", /^seconds_|_seconds$/],
  ["Bytes", /_bytes$/],
]

export function chartsOf(points: Metrics["points"]): Chart[] {
  const ordered = [...points].sort((one, other) => one.step - other.step)
  const names = [...new Set(ordered.flatMap((point) => Object.keys(point.values)))].sort(byName)
  const groups = new Map<string, string[]>(FIRST.map(([title]) => [title, []]))
  const last = new Map<string, string[]>(LAST.map(([title]) => [title, []]))
  for (const name of names) {
    const [title = name] = [...FIRST, ...LAST].find(([, takes]) => takes.test(name)) ?? []
    const into = last.has(title) ? last : groups
    into.set(title, [...(into.get(title) ?? []), name])
  }
  return [...groups, ...last]
    .filter(([, group]) => group.length > 0)
    .map(([title, group]) => chart(title, group, ordered))
}

/** "loss" before "eval_loss": what is trained on comes first. */
function byName(one: string, other: string): number {
  return one.length - other.length || one.localeCompare(other)
}

function chart(title: string, names: string[], points: Metrics["points"]): Chart {
  const bySteps = new Map<number, Record<string, number>>()
  for (const { step, values } of points) {
    const own = names.filter((name) => Number.isFinite(values[name]))
    if (own.length === 0) continue
    const before = bySteps.get(step) ?? {}
    bySteps.set(step, { ...before, ...Object.fromEntries(own.map((name) => [name, values[name] as number])) })
  }
  const rows = [...bySteps.values()]
  return {
    title: words(names.length === 1 ? (names[0] as string) : title),
    steps: [...bySteps.keys()],
    series: names.map((name) => ({ name: words(name), values: rows.map((row) => row[name] ?? null) })),
  }
}

function words(name: string): string {
  const spaced = name.replaceAll("_", " ")
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
