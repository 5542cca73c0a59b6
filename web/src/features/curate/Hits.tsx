import { Link } from "@tanstack/react-router"
import type { Hit } from "@/features/curate/queries"
import { Marked } from "@/ui/Marked"
import { percent, shortId } from "@/ui/words"

const RULES: Record<Hit["rule"], string> = {
  "any-gram": "shares a whole run of words",
  "half-covered": "holds half of its runs of words",
  same: "is the same",
  ratio: "is nearly the same",
}

/** Traces that hold an item of an eval set: text against text, what they share is marked. */
export function Hits({ hits }: { hits: readonly Hit[] }) {
  return (
    <ol aria-label="Hits" className="flex flex-col gap-3">
      {hits.map((hit) => (
        <li key={`${hit.trace_id}/${hit.suite}/${hit.item}`} className="card min-w-0">
          <p className="flex flex-wrap items-baseline gap-x-3 border-b border-line px-3 py-1.5 text-sm">
            <span className="font-medium text-bad">✕ {RULES[hit.rule]}</span>
            <span className="text-muted tabular-nums">
              {hit.rule === "ratio" ? `ratio ${percent(hit.share)}` : `${percent(hit.share)} of the item`}
              {hit.text === "masked" && ", with digits masked"}
            </span>
          </p>
          <div className="grid gap-4 p-3 md:grid-cols-2">
            <Side
              title={
                <>
                  {hit.part} of trace{" "}
                  <Link to="/traces/$id" params={{ id: hit.trace_id }} className="link font-mono">
                    {shortId(hit.trace_id)}
                  </Link>
                </>
              }
              quoted={hit.trace}
            />
            <Side
              title={
                <>
                  item <span className="font-mono break-all">{hit.item}</span> of{" "}
                  {hit.suite ? (
                    <Link to="/tasks/suites/$name" params={{ name: hit.suite }} className="link">
                      {hit.suite}
                    </Link>
                  ) : (
                    "the pipeline"
                  )}
                </>
              }
              quoted={hit.original}
            />
          </div>
        </li>
      ))}
    </ol>
  )
}

function Side({ title, quoted }: { title: React.ReactNode; quoted: Hit["original"] }) {
  return (
    <div className="min-w-0">
      <h3 className="mb-1 text-sm text-muted">{title}</h3>
      {quoted ? (
        <Marked
          text={quoted.text}
          spans={[{ start: quoted.start, end: quoted.end, outcome: "warning", message: "in both" }]}
        />
      ) : (
        <p className="text-muted">Its text is not stored any more.</p>
      )}
    </div>
  )
}
