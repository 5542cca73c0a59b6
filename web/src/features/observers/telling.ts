/** What the numbers of an observer and of its exams mean, in sentences. */
import type { Exam, Observer, Quality } from "@/features/observers/queries"
import { count, percent } from "@/ui/words"

/** How well it tells wrong traces from right ones, on problems it had not seen. */
export function quality(told: Quality): string[] {
  const better = told.brier < told.brier_of_share
  return [
    `Of a wrong and a right trace it finds the wrong one likelier wrong in ${percent(told.auc)} of all pairs: ` +
      `AUC ${told.auc.toFixed(3)}, 95% interval ${told.auc_low.toFixed(3)} to ${told.auc_high.toFixed(3)}.` +
      (told.auc_low <= 0.5 ? " That may be chance: the interval holds one half." : ""),
    `Its probability has a Brier score of ${told.brier.toFixed(3)}; ` +
      `always saying the share of wrong traces would get ${told.brier_of_share.toFixed(3)}` +
      (better ? "." : ", which is no worse."),
    `While nine of ten traces that it marks are wrong, it finds ${percent(told.recall_at_90)} of the wrong ones.`,
  ]
}

/** What it learned from. */
export function learned(told: Quality): string {
  return (
    `It learned from ${count(told.traces)} traces of ${count(told.problems)} problems, ` +
    `${count(told.wrong)} of them wrong (${percent(told.wrong / told.traces)}).`
  )
}

/** Why an exam was passed, or was not. */
export function why(exam: Exam): string {
  return (
    `${count(exam.wrong)} of ${count(exam.marked)} marked traces are wrong: ${percent(exam.precision)}, ` +
    `with 95% confidence at least ${percent(exam.low)}; ${percent(exam.required)} was asked.`
  )
}

/** Why the labels of an observer may not leave the house. */
export function refusal({ exams }: Pick<Observer, "exams">): string {
  return exams.length > 0
    ? "No licence: its newest exam is not passed."
    : "No licence: it has not sat an exam yet."
}
