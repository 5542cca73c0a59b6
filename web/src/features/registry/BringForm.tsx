import { useMutation } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { checkModel, importModel } from "@/features/registry/queries"
import { Labelled } from "@/ui/Labelled"
import { Refused } from "@/ui/Refused"

interface Props {
  /** Names of models, which may get another version. */
  names: readonly string[]
  onQueued: (run: string) => void
}

const WAYS = { import: "Check it, and import it", check: "Only check it" } as const
type Way = keyof typeof WAYS

/** A checkpoint that others made: checked, and kept as a version where it passes. */
export function BringForm({ names, onQueued }: Props) {
  const [way, setWay] = useState<Way>("import")
  const bring = useMutation({
    mutationFn: (form: FormData) => ask(form, way),
    onSuccess: ({ run_id }) => onQueued(run_id),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    bring.mutate(new FormData(event.currentTarget))
  }
  return (
    <form onSubmit={submit} aria-label="Bring a model in" className="flex max-w-3xl flex-col gap-4">
      <Labelled label="Folder of the server, or a model of the hub: owner/name">
        <input
          name="source"
          required
          maxLength={4096}
          className="field font-mono text-sm"
          placeholder="google/gemma-3-270m"
        />
      </Labelled>
      <div className="flex flex-wrap gap-x-5 gap-y-1">
        {(Object.keys(WAYS) as Way[]).map((one) => (
          <label key={one} className="flex min-h-7 items-center gap-2">
            <input type="radio" name="way" checked={way === one} onChange={() => setWay(one)} />
            {WAYS[one]}
          </label>
        ))}
      </div>
      {way === "import" && (
        <div className="grid grid-cols-2 gap-3">
          <Labelled label="Name: of a new model, or of one that gets another version">
            <input
              name="name"
              required
              maxLength={256}
              pattern="[a-zA-Z0-9._\-]+"
              list="model-names"
              className="field"
              placeholder="gemma-3-270m"
            />
          </Labelled>
          <datalist id="model-names">
            {names.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <Labelled label="Version: the next number, if empty">
            <input
              name="version_label"
              maxLength={64}
              pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
              className="field"
            />
          </Labelled>
          <div className="col-span-2 grid">
            <Labelled label="About it">
              <input name="description" maxLength={10_000} className="field" />
            </Labelled>
          </div>
        </div>
      )}
      <label className="flex min-h-7 items-center gap-2">
        <input type="checkbox" name="parity" defaultChecked className="shrink-0" />
        <span>
          Compare its logits with transformers{" "}
          <span className="text-muted">where that is installed; too far apart, and it does not pass</span>
        </span>
      </label>
      <Refused error={bring.error} />
      <button type="submit" className="btn self-start" disabled={bring.isPending}>
        {way === "import" ? "Import" : "Check"}
      </button>
    </form>
  )
}

function ask(form: FormData, way: Way): Promise<{ run_id: string }> {
  const text = (name: string): string => String(form.get(name) ?? "").trim()
  const wanted = { source: text("source"), parity: form.has("parity") }
  if (way === "check") return checkModel(wanted)
  return importModel({
    ...wanted,
    name: text("name"),
    version_label: text("version_label") || null,
    description: text("description") || null,
  })
}
