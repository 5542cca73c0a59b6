import { useMutation } from "@tanstack/react-query"
import { type FormEvent, type ReactNode, useState } from "react"
import { buildOf, type Source } from "@/features/datasets/build"
import { MixtureParts, newPart, type PartDraft } from "@/features/datasets/MixtureParts"
import { freeze, type NewBuild } from "@/features/datasets/queries"
import { type SplitDraft, SplitFields, trainShare } from "@/features/datasets/SplitFields"
import { Labelled } from "@/ui/Labelled"
import { QueryField } from "@/ui/QueryField"
import { Refused } from "@/ui/Refused"
import { count } from "@/ui/words"

interface Props {
  source: Source
  onSource: (source: Source) => void
  /** The curation that is frozen, and those that can be. */
  curation: string | undefined
  curations: readonly { run_id: string; name: string; kept: number }[]
  /** Keys of earlier versions. */
  versions: readonly string[]
  /** How it will be rendered, if that is to be proven. */
  proof: { fields: ReactNode; read: (form: FormData) => Pick<NewBuild, "rendering" | "despite"> }
  onQueued: (run: string, dataset: string) => void
}

const SOURCES = {
  query: "Traces by a query",
  curation: "What a curation kept",
  mixture: "A mixture",
} as const

/** A new version: of which traces, split how, proven for which rendering, under which name. */
export function BuildForm({ source, onSource, curation, curations, versions, proof, onQueued }: Props) {
  const [limit, setLimit] = useState("10000")
  const [parts, setParts] = useState<PartDraft[]>([newPart(0), newPart(1)])
  const [splits, setSplits] = useState<SplitDraft[]>([{ id: 0, name: "test", share: "10" }])
  const [isProven, setProven] = useState(false)
  const build = useMutation({
    mutationFn: freeze,
    onSuccess: ({ run_id }, asked) => onQueued(run_id, `${asked.dataset_name}-${asked.dataset_version}`),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const asked = buildOf(form, { source, parts, splits, limit: Number(limit) })
    build.mutate(isProven ? { ...asked, ...proof.read(form) } : asked)
  }
  return (
    <form onSubmit={submit} aria-label="New dataset" className="flex max-w-5xl flex-col gap-6">
      <Part title="Which traces">
        <div className="flex flex-wrap gap-x-5 gap-y-1">
          {(Object.keys(SOURCES) as Source[]).map((one) => (
            <label key={one} className="flex min-h-7 items-center gap-2">
              <input type="radio" name="source" checked={source === one} onChange={() => onSource(one)} />
              {SOURCES[one]}
            </label>
          ))}
        </div>
        {source === "query" && <QueryField label="Query" />}
        {source === "mixture" && <MixtureParts parts={parts} onParts={setParts} limit={Number(limit) || 0} />}
        {source === "curation" && <CurationField curation={curation} curations={curations} />}
        {source !== "curation" && (
          <div className="grid grid-cols-2 gap-3 sm:max-w-md">
            <Labelled label="At most">
              <input
                type="number"
                required
                min={1}
                max={10_000_000}
                className="field"
                value={limit}
                onChange={({ target }) => setLimit(target.value)}
              />
            </Labelled>
            <Labelled label="Of more, take">
              <select name="strategy" className="field" defaultValue="random">
                <option value="random">some by chance</option>
                <option value="latest">the newest</option>
              </select>
            </Labelled>
          </div>
        )}
      </Part>
      <Part title="Splits">
        <SplitFields splits={splits} onSplits={setSplits} />
        <div className="grid grid-cols-2 gap-3 sm:max-w-2xl sm:grid-cols-3">
          <Labelled label="Never in two splits">
            <select name="split_by" className="field">
              <option value="prompt">a prompt</option>
              <option value="template">a prompt, whatever its numbers</option>
              <option value="meta.split">as meta.split of each trace says</option>
            </select>
          </Labelled>
          <Labelled label="Seed of every chance">
            <input name="seed" type="number" required min={0} defaultValue={0} className="field" />
          </Labelled>
          <Labelled label="Parent: what it holds out stays out">
            <select name="parent" className="field">
              <option value="">none</option>
              {versions.map((key) => (
                <option key={key}>{key}</option>
              ))}
            </select>
          </Labelled>
        </div>
      </Part>
      <Part title="Proof">
        <label className="flex min-h-7 items-center gap-2">
          <input type="checkbox" checked={isProven} onChange={({ target }) => setProven(target.checked)} />
          <span>
            Prove how it will be rendered{" "}
            <span className="text-muted">a broken proof refuses the version, and says why</span>
          </span>
        </label>
        {isProven && <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">{proof.fields}</div>}
      </Part>
      <Part title="Name">
        <div className="grid grid-cols-2 gap-3 sm:max-w-2xl sm:grid-cols-3">
          <Labelled label="Name">
            <input name="name" required maxLength={128} className="field" placeholder="gsm8k-right" />
          </Labelled>
          <Labelled label="Version">
            <input name="version" required maxLength={64} className="field" defaultValue="1" />
          </Labelled>
          <Labelled label="Licence, where traces name none">
            <input name="licence" maxLength={200} className="field" />
          </Labelled>
        </div>
      </Part>
      <Refused error={build.error} />
      <button
        type="submit"
        className="btn self-start"
        disabled={build.isPending || trainShare(splits) <= 0 || (source === "curation" && !curations.length)}
      >
        Freeze
      </button>
    </form>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="pb-2 font-semibold">{title}</legend>
      {children}
    </fieldset>
  )
}

function CurationField({ curation, curations }: Pick<Props, "curation" | "curations">) {
  if (curations.length === 0)
    return <p className="text-muted">No finished curation kept anything; a dry run cannot be frozen.</p>
  return (
    <Labelled label="Curation">
      <select name="curation" className="field max-w-lg" defaultValue={curation}>
        {curations.map((one) => (
          <option key={one.run_id} value={one.run_id}>
            {one.name}, {count(one.kept)} kept, {one.run_id.slice(-8)}
          </option>
        ))}
      </select>
    </Labelled>
  )
}
