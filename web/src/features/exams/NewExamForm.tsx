import { useMutation } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { isKind, KINDS, kindWords } from "@/features/exams/kinds"
import { makeExam, type NewExam } from "@/features/exams/queries"
import { Labelled } from "@/ui/Labelled"
import { QueryField } from "@/ui/QueryField"
import { Refused } from "@/ui/Refused"

/** A new exam: of which traces, how many items, which errors. */
export function NewExamForm({ onQueued }: { onQueued: (run: string, name: string) => void }) {
  const [kinds, setKinds] = useState<string[]>(Object.keys(KINDS))
  const make = useMutation({
    mutationFn: makeExam,
    onSuccess: ({ run_id }, { name }) => onQueued(run_id, name),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    make.mutate(examOf(new FormData(event.currentTarget), kinds))
  }
  return (
    <form onSubmit={submit} className="flex max-w-3xl flex-col gap-4">
      <QueryField label="Of which traces; used are those whose steps hold" />
      <div className="grid grid-cols-2 items-end gap-3 sm:grid-cols-4">
        <Labelled label="Name">
          <input name="name" required maxLength={100} className="field" placeholder="gsm-1" />
        </Labelled>
        <Labelled label="Items">
          <input name="count" type="number" min={1} max={100_000} defaultValue={100} className="field" />
        </Labelled>
        <Labelled label="Computed on from there">
          <select name="propagate" className="field">
            <option value="both">by turns</option>
            <option value="always">always</option>
            <option value="never">never</option>
          </select>
        </Labelled>
        <Labelled label="Seed">
          <input name="seed" type="number" min={0} max={2147483647} defaultValue={0} className="field" />
        </Labelled>
      </div>
      <fieldset>
        <legend className="pb-1 text-sm text-muted">Errors</legend>
        {Object.entries(KINDS).map(([kind, meaning]) => (
          <label key={kind} className="flex min-h-7 items-center gap-2">
            <input
              type="checkbox"
              checked={kinds.includes(kind)}
              onChange={(event) =>
                setKinds(event.target.checked ? [...kinds, kind] : kinds.filter((other) => other !== kind))
              }
            />
            <span>
              {kindWords(kind)} <span className="ml-1 text-muted">{meaning}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Refused error={make.error} />
      <button type="submit" className="btn self-start" disabled={kinds.length === 0 || make.isPending}>
        Make the exam
      </button>
    </form>
  )
}

function examOf(form: FormData, kinds: readonly string[]): NewExam {
  const text = (name: string): string => String(form.get(name) ?? "").trim()
  return {
    name: text("name"),
    filter: text("query"),
    count: Number(text("count")),
    kinds: Object.keys(KINDS)
      .filter((kind) => kinds.includes(kind))
      .filter(isKind),
    propagate: text("propagate") as NewExam["propagate"],
    seed: Number(text("seed")),
  }
}
