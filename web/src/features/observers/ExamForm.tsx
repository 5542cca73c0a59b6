import { useMutation } from "@tanstack/react-query"
import type { FormEvent } from "react"
import { examine, type NewExam } from "@/features/observers/queries"
import { TruthField } from "@/features/observers/TruthField"
import { Labelled } from "@/ui/Labelled"
import { QueryField } from "@/ui/QueryField"
import { Refused } from "@/ui/Refused"

/** Another exam for an observer. Share and precision are chosen before anybody looks. */
export function ExamForm({ name, onQueued }: { name: string; onQueued: (run: string) => void }) {
  const sit = useMutation({
    mutationFn: (asked: NewExam) => examine(name, asked),
    onSuccess: ({ run_id }) => onQueued(run_id),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (field: string): string => String(form.get(field) ?? "").trim()
    sit.mutate({
      filter: text("query"),
      truth: text("truth") as NewExam["truth"],
      coverage: Number(text("coverage")) / 100,
      precision: Number(text("precision")) / 100,
    })
  }
  return (
    <form onSubmit={submit} aria-label="Another exam" className="flex max-w-3xl flex-col gap-3">
      <QueryField label="On these traces; problems it learned from are left out" />
      <div className="grid items-end gap-3 sm:grid-cols-3">
        <TruthField />
        <Labelled label="Marks so many of them, in %">
          <input
            name="coverage"
            type="number"
            min={0.1}
            max={100}
            step="any"
            defaultValue={10}
            className="field"
          />
        </Labelled>
        <Labelled label="Of which so many must be wrong, in %">
          <input
            name="precision"
            type="number"
            min={1}
            max={99.9}
            step="any"
            defaultValue={90}
            className="field"
          />
        </Labelled>
      </div>
      <p className="text-sm text-muted">
        Fix both before you look: whoever tries several and keeps the best has fooled himself.
      </p>
      <Refused error={sit.error} />
      <button type="submit" className="btn self-start" disabled={sit.isPending}>
        Sit the exam
      </button>
    </form>
  )
}
