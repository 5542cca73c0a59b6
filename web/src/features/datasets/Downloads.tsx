import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { datasets, type Format, type Version } from "@/features/datasets/queries"
import { Failure } from "@/ui/Failure"
import { Labelled } from "@/ui/Labelled"
import { Skeleton } from "@/ui/Skeleton"
import { type Column, Table } from "@/ui/Table"
import { count } from "@/ui/words"

const EACH = "each"

/** A version in every format that others read, by split. */
export function Downloads({ version }: { version: Version }) {
  const names = version.splits.map((one) => one.name)
  const [split, setSplit] = useState(names.length === 1 ? (names[0] as string) : EACH)
  const { data, error, refetch } = useQuery(datasets.exports)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton />
  return (
    <div className="flex flex-col gap-4">
      <Labelled label="Of which split">
        <select className="field w-fit" value={split} onChange={({ target }) => setSplit(target.value)}>
          <option value={EACH}>each, in a zip</option>
          {version.splits.map((one) => (
            <option key={one.name} value={one.name}>
              {one.name}, {count(one.rows)} rows
            </option>
          ))}
        </select>
      </Labelled>
      <Table
        label="Formats"
        rows={data}
        columns={columns(version.dataset_key, split)}
        keyOf={(format) => format.name}
      />
    </div>
  )
}

function columns(dataset: string, split: string): readonly Column<Format>[] {
  return [
    {
      name: "Format",
      cell: (format) => (
        <a
          className="link whitespace-nowrap"
          href={`/api/datasets/${encodeURIComponent(dataset)}/export/${format.name}?split=${split}`}
          download={fileOf(dataset, format, split)}
        >
          {format.name}
        </a>
      ),
    },
    { name: "What it is", cell: (format) => <span className="block py-1.5">{format.description}</span> },
    {
      name: "Read by",
      cell: (format) => <span className="block py-1.5 text-muted">{format.read_by}</span>,
      wide: true,
    },
  ]
}

/** The server names a zip and a file of its own kind itself. */
function fileOf(dataset: string, { name, kind }: Format, split: string): string {
  return `${dataset}-${name}${kind === "lines" && split !== EACH ? `-${split}.jsonl` : ".zip"}`
}
