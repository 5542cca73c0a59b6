import { useQuery } from "@tanstack/react-query"
import { datasets } from "@/features/datasets/queries"
import { Failure } from "@/ui/Failure"
import { Rendered } from "@/ui/Rendered"
import { Skeleton } from "@/ui/Skeleton"

const HEAD = /^---\n([\s\S]*?)\n---\n/
const NOTHING: [] = []

/** The data card as it is read; the hub's metadata at its head stays as it is written. */
export function DataCard({ dataset }: { dataset: string }) {
  const { data, error, refetch } = useQuery(datasets.card(dataset))
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (data === undefined) return <Skeleton rows={6} />
  const head = HEAD.exec(data)
  return (
    <article aria-label="Data card" className="card max-w-3xl p-4">
      <p className="mb-3 flex flex-wrap gap-2">
        <a
          className="btn"
          href={`/api/datasets/${encodeURIComponent(dataset)}/card.md`}
          download={`${dataset}.md`}
        >
          Download card.md
        </a>
      </p>
      {head && (
        <pre
          tabIndex={0}
          role="region"
          aria-label="Metadata for the hub"
          className="mb-3 overflow-x-auto rounded-md bg-sunken p-3 font-mono text-sm"
        >
          {head[1]}
        </pre>
      )}
      <Rendered text={head ? data.slice(head[0].length) : data} spans={NOTHING} />
    </article>
  )
}
