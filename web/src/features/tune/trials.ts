/** The trials of a tuning job: which is best, how the best grew, and in which order they stand. */
import type { Job, Trial } from "@/features/tune/queries"

type Mode = Job["metric_mode"]

export function best(trials: readonly Trial[], mode: Mode): Trial | null {
  return trials.filter(counts).reduce<Trial | null>((top, one) => {
    return top === null || better(one.metric_value as number, top.metric_value as number, mode) ? one : top
  }, null)
}

export interface Growth {
  steps: number[]
  values: (number | null)[]
  best: (number | null)[]
}

/** By trial: the number it reached, and the best until then. */
export function growth(trials: readonly Trial[], mode: Mode): Growth {
  let top: number | null = null
  const rows = trials
    .filter(counts)
    .toSorted((one, other) => one.number - other.number)
    .map((trial) => {
      const value = trial.metric_value as number
      if (top === null || better(value, top, mode)) top = value
      return { step: trial.number, value, top }
    })
  return {
    steps: rows.map((row) => row.step),
    values: rows.map((row) => row.value),
    best: rows.map((row) => row.top),
  }
}

/** Best first, then those without a number, as they were tried. */
export function ranked(trials: readonly Trial[], mode: Mode): Trial[] {
  const last = mode === "max" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const value = (trial: Trial): number => trial.metric_value ?? last
  return trials.toSorted((one, other) => {
    if (value(one) === value(other)) return one.number - other.number
    return better(value(one), value(other), mode) ? -1 : 1
  })
}

/** Every name that the trials have a value for. */
export function names(trials: readonly Trial[]): string[] {
  return [...new Set(trials.flatMap((trial) => Object.keys(trial.params_json)))]
}

export function shown(value: string | number | boolean | null | undefined): string {
  if (typeof value !== "number") return value === undefined ? "–" : String(value)
  const size = Math.abs(value)
  return size !== 0 && (size < 0.001 || size >= 1e6) ? value.toExponential(2) : String(+value.toPrecision(4))
}

function better(one: number, other: number, mode: Mode): boolean {
  return mode === "max" ? one > other : one < other
}

function counts(trial: Trial): boolean {
  return trial.status === "completed" && trial.metric_value !== null
}
