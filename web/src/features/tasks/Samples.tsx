import { useQuery } from "@tanstack/react-query"
import { type Draw, type Sample, tasks } from "@/features/tasks/queries"
import { Json } from "@/ui/Facts"
import { Failure } from "@/ui/Failure"
import { Marked } from "@/ui/Marked"
import { Skeleton } from "@/ui/Skeleton"

/** Three tasks of a draw with their worked steps, made now and not stored. */
export function Samples({ generator, draw }: { generator: string; draw: Draw }) {
  const preview = useQuery(tasks.preview(generator, draw))
  if (preview.error)
    return (
      <Failure
        title="These tasks cannot be made"
        error={preview.error}
        retry={() => void preview.refetch()}
      />
    )
  if (!preview.data) return <Skeleton rows={6} />
  return (
    <ol className="flex flex-col gap-4">
      {preview.data.data.map((sample) => (
        <li key={sample.key} className="card min-w-0 p-3">
          <One sample={sample} />
        </li>
      ))}
    </ol>
  )
}

function One({ sample }: { sample: Sample }) {
  return (
    <>
      <p className="mb-1 flex flex-wrap gap-x-3 text-xs text-muted">
        <span>{sample.family}</span>
        <span>checked by {sample.verifier}</span>
        <span className="font-mono break-all">{sample.key}</span>
      </p>
      <Marked text={sample.prompt} spans={[]} />
      {sample.steps.length > 0 ? (
        <ol className="my-2 list-decimal border-l-2 border-line pl-8 text-sm">
          {sample.steps.map((step, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
            <li key={place} className="break-words whitespace-pre-wrap">
              {step.content}
            </li>
          ))}
        </ol>
      ) : (
        <p className="my-2 text-sm text-muted">It has no worked steps: to measure on, not to learn from.</p>
      )}
      <p className="break-words whitespace-pre-wrap">
        <span className="text-muted">Answer</span> <span className="font-semibold">{sample.expected}</span>
      </p>
      {Object.keys(sample.meta).length > 0 && (
        <details className="mt-2 text-sm">
          <summary className="text-muted">Meta</summary>
          <Json label={`Meta of ${sample.key}`} value={sample.meta} />
        </details>
      )}
    </>
  )
}
