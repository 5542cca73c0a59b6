import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { type Changed, type Difference, datasets } from "@/features/datasets/queries"
import { Failure } from "@/ui/Failure"
import { Figure } from "@/ui/Figure"
import { Labelled } from "@/ui/Labelled"
import { Section } from "@/ui/Page"
import { Skeleton } from "@/ui/Skeleton"
import { count } from "@/ui/words"

interface Props {
  dataset: string
  /** The other version. */
  other: string | undefined
  onOther: (other: string | undefined) => void
}

/** What became of this version in another one. */
export function Diff({ dataset, other, onOther }: Props) {
  const list = useInfiniteQuery(datasets.list)
  const keys = list.data?.pages.flatMap((page) => page.data.map((one) => one.dataset_key)) ?? []
  const choices = keys.filter((key) => key !== dataset)
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <Labelled label="What became of it in">
          <select
            className="field max-w-72"
            value={other ?? ""}
            onChange={({ target }) => onOther(target.value || undefined)}
          >
            <option value="">choose a version</option>
            {other && !choices.includes(other) && <option>{other}</option>}
            {choices.map((key) => (
              <option key={key}>{key}</option>
            ))}
          </select>
        </Labelled>
        {other && (
          <Link
            to="/datasets/$key"
            params={{ key: other }}
            search={{ tab: "diff", with: dataset }}
            className="btn"
          >
            The other way round
          </Link>
        )}
      </div>
      {list.data && choices.length === 0 && (
        <p className="text-muted">There is no other version to compare it with.</p>
      )}
      {other && <Compared before={dataset} after={other} />}
    </>
  )
}

function Compared({ before, after }: { before: string; after: string }) {
  const { data, error, refetch } = useQuery(datasets.diff(before, after))
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={6} />
  return (
    <>
      <dl className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-4">
        <Figure name="Same" value={count(data.same)} note="in both, alike" />
        <Figure name="Added" value={count(data.added)} note={`only in ${after}`} />
        <Figure name="Removed" value={count(data.removed)} note={`only in ${before}`} />
        <Figure name="Changed" value={count(data.changed)} note="in both, held differently" />
      </dl>
      {data.rows.length === 0 && <p className="text-muted">They hold the same rows.</p>}
      {KINDS.map((kind) => (
        <Group key={kind} kind={kind} found={data} />
      ))}
    </>
  )
}

const KINDS = ["added", "removed", "changed"] as const
const LOOKS = {
  added: ["Added", "+", "text-ok"],
  removed: ["Removed", "−", "text-bad"],
  changed: ["Changed", "≠", "text-warn"],
} as const

function Group({ kind, found }: { kind: Changed["kind"]; found: Difference }) {
  const rows = found.rows.filter((row) => row.kind === kind)
  if (rows.length === 0) return null
  const [name, mark, tone] = LOOKS[kind]
  return (
    <Section
      title={name}
      note={`${rows.length < found[kind] ? `the first ${rows.length} of ` : ""}${count(found[kind])}`}
    >
      <ul aria-label={`Rows ${kind}`} className="card divide-y divide-line">
        {rows.map((row) => (
          <li key={row.trace_id} className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-3 px-3 py-1.5">
            <span aria-hidden className={`font-semibold ${tone}`}>
              {mark}
            </span>
            <span className="grid min-w-0 gap-x-3 md:grid-cols-[minmax(0,1fr)_minmax(0,160px)]">
              <Link to="/traces/$id" params={{ id: row.trace_id }} className="truncate hover:underline">
                {row.prompt}
              </Link>
              <span className="truncate font-mono text-sm">{row.final_answer}</span>
            </span>
            {Object.entries(row.changes).map(([field, [was, is]]) => (
              <span key={field} className="col-start-2 text-sm break-words text-muted">
                {field}: <del>{was ?? "nothing"}</del> → <ins className="no-underline">{is ?? "nothing"}</ins>
              </span>
            ))}
          </li>
        ))}
      </ul>
    </Section>
  )
}
