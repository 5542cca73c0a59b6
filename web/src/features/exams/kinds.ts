/** The kinds of errors, the formats of an exam, and what each is in one line. */
import type { Kind } from "@/features/exams/queries"

export const KINDS: Readonly<Record<Kind, string>> = {
  result: "the result of a claim is another number",
  operand: "a number is copied wrongly, and what follows is computed from it",
  sign: "the result of a claim has the other sign",
  unit: "a quantity is given in another unit of its kind",
  rule: "another operation is used, and computed rightly",
  illegal_move: "a move is made that is not among the legal ones",
  dropped_step: "a step that a later one needs is missing",
}

export const FORMATS: readonly (readonly [string, string])[] = [
  ["processbench", "id, problem, steps, label: the first wrong step, or -1"],
  ["prm800k", "OpenAI's layout, steps rated 1 and -1"],
  ["trl-stepwise", "prompt, completions, labels"],
  ["pairs", "chosen and rejected behind the steps that both share"],
  ["traces", "the changed traces themselves, to import"],
]

export function isKind(word: unknown): word is Kind {
  return typeof word === "string" && Object.hasOwn(KINDS, word)
}

export function kindWords(kind: string): string {
  return kind.replaceAll("_", " ")
}
