import { useMutation } from "@tanstack/react-query"
import type { FormEvent } from "react"
import { type Fit, fit } from "@/features/observers/queries"
import { TruthField } from "@/features/observers/TruthField"
import { Labelled } from "@/ui/Labelled"
import { QueryField } from "@/ui/QueryField"
import { Refused } from "@/ui/Refused"

const FOLDS = 5
/** At most so many traces, the oldest: what the server takes where nothing else is said. */
const LIMIT = 50_000

/** A new observer: of which traces it learns, and who says which of them are wrong. */
export function FitForm({ onQueued }: { onQueued: (run: string, name: string) => void }) {
  const ask = useMutation({
    mutationFn: fit,
    onSuccess: ({ run_id }, { name }) => onQueued(run_id, name),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string): string => String(form.get(name) ?? "").trim()
    ask.mutate({
      name: text("name"),
      filter: text("query"),
      truth: text("truth") as Fit["truth"],
      folds: FOLDS,
      limit: LIMIT,
      seed: Number(text("seed")),
    })
  }
  return (
    <form onSubmit={submit} className="flex max-w-3xl flex-col gap-3">
      <QueryField label="Learns from these traces, where it is known whether they are right" />
      <div className="grid gap-3 sm:grid-cols-3">
        <Labelled label="Name">
          <input name="name" required maxLength={100} className="field" placeholder="first" />
        </Labelled>
        <TruthField />
        <Labelled label="Seed">
          <input name="seed" type="number" min={0} max={2147483647} defaultValue={0} className="field" />
        </Labelled>
      </div>
      <Refused error={ask.error} />
      <button type="submit" className="btn self-start" disabled={ask.isPending}>
        Fit the observer
      </button>
    </form>
  )
}
