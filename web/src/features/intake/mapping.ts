/** Which column of a record is which part of a trace, as a form holds it and as the server takes it. */

export const PARTS = {
  prompt: "Prompt",
  steps: "Steps",
  answer: "Answer",
  response: "Response with steps and answer",
} as const

export type Part = keyof typeof PARTS

export interface Mapping extends Record<Part, string> {
  /** Columns that are kept as they are, in the meta of the trace. */
  kept: readonly string[]
}

/** The names that data sets usually give them, the most usual first. */
const USUAL: Record<Part, readonly string[]> = {
  prompt: ["prompt", "question", "problem", "instruction", "query", "input"],
  steps: ["steps", "reasoning", "thinking", "thoughts", "rationale", "chain_of_thought", "solution"],
  answer: ["final_answer", "answer", "final", "result"],
  response: ["response", "output", "completion", "generation", "text"],
}

/** A first mapping, to be mended: by the names of the columns. */
export function guessed(columns: readonly string[]): Mapping {
  const find = (part: Part): string =>
    USUAL[part].flatMap((usual) => columns.filter((one) => one.toLowerCase() === usual)).at(0) ?? ""
  const [prompt, steps, answer] = [find("prompt"), find("steps"), find("answer")]
  return { prompt, steps, answer, response: steps || answer ? "" : find("response"), kept: [] }
}

/** `part=column`, one each. */
export function pairs(mapping: Mapping): string[] {
  const parts = (Object.keys(PARTS) as Part[]).filter((part) => mapping[part])
  return [
    ...parts.map((part) => `${part}=${mapping[part]}`),
    ...mapping.kept.map((column) => `meta.${column}=${column}`),
  ]
}

/** What is still to be said before a mapping can be tried, or null. */
export function missing({ response, steps, answer }: Mapping): string | null {
  if (response && (steps || answer)) return "Name either a response, or the steps and the answer."
  if (response || steps || answer) return null
  return "Name the column of the steps or of the answer, or of a response that holds both."
}
