import { useMutation, useQueryClient } from "@tanstack/react-query"
import type { FormEvent } from "react"
import { holdCourt, type Subject, type Witness } from "@/features/court/queries"
import { Labelled } from "@/ui/Labelled"
import { Problem } from "@/ui/Problem"

/** Who is heard on what, as it stands in the address. */
export interface Chosen {
  subject?: Subject
  first?: string
  second?: string
}

interface Props {
  chosen: Chosen
  witnesses: readonly Witness[]
  query: string
  onChoose: (chosen: Chosen) => void
  onHeld: (court: string) => void
}

/** Hears two witnesses on the chosen traces; or, before new verifiers are believed, what they would change. */
export function HoldForm({ chosen, witnesses, query, onChoose, onHeld }: Props) {
  const { subject = "answer", first = "stored", second = "current" } = chosen
  const queries = useQueryClient()
  const hold = useMutation({
    mutationFn: holdCourt,
    onSuccess: async ({ run_id }) => {
      await queries.invalidateQueries({ queryKey: ["court", "list"] })
      onHeld(run_id)
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const limit = Number(new FormData(event.currentTarget).get("limit") || 0)
    hold.mutate({ first, second, subject, impact: false, limit: limit || null, query })
  }
  const regrade = (): void =>
    hold.mutate({ first: "stored", second: "current", subject, impact: true, limit: null, query })
  const who = (label: string, place: "first" | "second", value: string) => (
    <Labelled label={label}>
      <select
        className="field max-w-60"
        value={value}
        onChange={({ target }) => onChoose({ ...chosen, [place]: target.value })}
      >
        {!witnesses.some((one) => one.name === value) && <option>{value}</option>}
        {witnesses.map((one) => (
          <option key={one.name}>{one.name}</option>
        ))}
      </select>
      <span className="max-w-60 text-sm text-muted">
        {witnesses.find((one) => one.name === value)?.summary ?? `Nobody of this name speaks of ${subject}.`}
      </span>
    </Labelled>
  )
  return (
    <form onSubmit={submit} className="mt-3 flex flex-col gap-4">
      <div className="flex flex-wrap gap-3">
        <Labelled label="They speak of">
          <select
            className="field"
            value={subject}
            onChange={({ target }) =>
              onChoose({ ...chosen, subject: target.value === "steps" ? "steps" : "answer" })
            }
          >
            <option value="answer">the answer</option>
            <option value="steps">the steps</option>
          </select>
        </Labelled>
        {who("First witness", "first", first)}
        {who("Second witness", "second", second)}
        <Labelled label="Only the oldest (all, if empty)">
          <input name="limit" type="number" min={1} className="field w-32" />
        </Labelled>
      </div>
      <Problem error={hold.error} />
      <div className="flex flex-wrap items-center gap-3">
        <button type="submit" className="btn" disabled={hold.isPending}>
          Hold court
        </button>
        <button type="button" className="btn" disabled={hold.isPending} onClick={regrade}>
          Regrade
        </button>
        <span className="text-sm text-muted">
          Regrade shows what the verifiers as they are now would change, and changes nothing.
        </span>
      </div>
    </form>
  )
}
