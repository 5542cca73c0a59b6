import { useMutation } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { exportVersion, type NewExport } from "@/features/registry/queries"
import { Labelled } from "@/ui/Labelled"
import { Refused } from "@/ui/Refused"

interface Props {
  version: string
  onQueued: (run: string) => void
}

const FORMATS = {
  safetensors: "a folder of safetensors",
  gguf: "one GGUF file",
} as const satisfies Record<NewExport["format"], string>
const OUTTYPES: readonly NewExport["outtype"][] = ["auto", "f32", "f16", "bf16", "q8_0"]

/** Writes a version for other programs: as what, and where to. */
export function ExportForm({ version, onQueued }: Props) {
  const [format, setFormat] = useState<NewExport["format"]>("safetensors")
  const start = useMutation({
    mutationFn: (form: FormData) => exportVersion(version, exportOf(form, format)),
    onSuccess: ({ run_id }) => onQueued(run_id),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    start.mutate(new FormData(event.currentTarget))
  }
  return (
    <form onSubmit={submit} aria-label="Export" className="mt-2 flex flex-col gap-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <Labelled label="Format">
          <select
            className="field"
            value={format}
            onChange={({ target }) => setFormat(target.value === "gguf" ? "gguf" : "safetensors")}
          >
            {Object.entries(FORMATS).map(([name, says]) => (
              <option key={name} value={name}>
                {says}
              </option>
            ))}
          </select>
        </Labelled>
        {format === "safetensors" ? (
          <Labelled label="Largest file of weights">
            <input name="max_shard_size" required maxLength={20} className="field" defaultValue="5GB" />
          </Labelled>
        ) : (
          <Labelled label="Numbers">
            <select name="outtype" className="field">
              {OUTTYPES.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </Labelled>
        )}
      </div>
      <Labelled label="Folder of the server, new or empty: the run's own, if not said">
        <input name="folder" maxLength={4096} className="field font-mono text-sm" />
      </Labelled>
      <Refused error={start.error} />
      <button type="submit" className="btn self-start" disabled={start.isPending}>
        Write it
      </button>
    </form>
  )
}

function exportOf(form: FormData, format: NewExport["format"]): NewExport {
  const text = (name: string): string => String(form.get(name) ?? "").trim()
  return {
    format,
    max_shard_size: text("max_shard_size") || "5GB",
    outtype: OUTTYPES.find((one) => one === text("outtype")) ?? "auto",
    folder: text("folder") || null,
  }
}
