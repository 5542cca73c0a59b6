/** A search space as a form holds it, line by line, and as the server takes it. */
import type { Space } from "@/features/tune/queries"

export const KINDS = ["loguniform", "uniform", "randint", "choice"] as const
export type Kind = (typeof KINDS)[number]

export interface Line {
  id: number
  name: string
  kind: Kind
  min: string
  max: string
  /** Of a choice: its values, with commas between them. */
  values: string
}

/** Names that are often searched; the server knows all of them. */
export const NAMES = [
  "learning_rate",
  "batch_size",
  "num_epochs",
  "weight_decay",
  "max_seq_length",
  "optimizer.warmup_steps",
  "model.layers",
  "model.dim",
]

/** The space of the lines, or the sentence that says which line is not finished. */
export function spaceOf(lines: readonly Line[]): Space | string {
  const space: Space = {}
  for (const line of lines) {
    const name = line.name.trim()
    if (!name) return "A line has no name."
    if (name in space) return `${name} stands there twice.`
    if (line.kind === "choice") {
      const values = line.values.split(",").map((one) => one.trim())
      if (values.some((one) => one === "")) return `${name}: write the values with commas between them.`
      space[name] = { type: "choice", values: values.map(scalar) }
      continue
    }
    const [min, max] = [finite(line.min), finite(line.max)]
    if (min === null || max === null) return `${name}: from and to are numbers.`
    space[name] = { type: line.kind, min, max }
  }
  return lines.length > 0 ? space : "There is nothing to search: add a line."
}

/** What a person writes: numbers, true, false and null mean themselves, all else is a word. */
export function scalar(text: string): string | number | boolean | null {
  if (text === "true" || text === "false") return text === "true"
  if (text === "null") return null
  return finite(text) ?? text
}

function finite(text: string): number | null {
  const value = Number(text)
  return text.trim() !== "" && Number.isFinite(value) ? value : null
}
