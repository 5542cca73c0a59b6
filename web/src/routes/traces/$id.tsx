/** One trace: read it step by step, with every verdict where it belongs. */
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { useCallback } from "react"
import { countAgain } from "@/features/court/queries"
import { CurationsOf } from "@/features/curate/CurationsOf"
import { JudgesSay } from "@/features/judges/JudgesSay"
import { LineageList } from "@/features/lineage/LineageList"
import { RulingPanel } from "@/features/rulings/RulingPanel"
import { Around } from "@/features/traces/Around"
import { DeletedNote } from "@/features/traces/DeletedNote"
import { filterOf, readTraceSearch, type TraceSearch } from "@/features/traces/filter"
import { author, deleteTraces, useAct } from "@/features/traces/marks"
import { Neighbours } from "@/features/traces/Neighbours"
import { Original } from "@/features/traces/Original"
import { traces } from "@/features/traces/queries"
import { TraceReader } from "@/features/traces/TraceReader"
import { Badge } from "@/ui/Badge"
import { Crumbs } from "@/ui/Crumbs"
import { Failure } from "@/ui/Failure"
import { useKeys } from "@/ui/keys"
import { Page } from "@/ui/Page"
import { shortId } from "@/ui/words"

/** The step is counted from 1, as people do. */
type Search = TraceSearch & { step?: number; view?: (typeof VIEWS)[number] }

const VIEWS = ["rendered", "original"] as const

export const Route = createFileRoute("/traces/$id")({
  validateSearch: (search: Record<string, unknown>): Search => {
    const view = VIEWS.find((known) => known === search.view)
    return {
      ...readTraceSearch(search),
      ...(typeof search.step === "number" && search.step >= 1 ? { step: Math.floor(search.step) } : {}),
      ...(view ? { view } : {}),
    }
  },
  loader: async ({ context, params }) => {
    const trace = await context.queries.ensureQueryData(traces.one(params.id))
    if (trace.deleted_at === null) void context.queries.prefetchQuery(traces.verdicts(params.id))
  },
  component: TracePage,
})

function TracePage() {
  const { id } = Route.useParams()
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: trace } = useSuspenseQuery(traces.one(id))
  const { data: verdicts } = useQuery({ ...traces.verdicts(id), enabled: trace.deleted_at === null })
  const queries = useQueryClient()
  const rendered = search.view === "rendered"
  const original = search.view === "original" && trace.format !== null
  // What is said of a deleted trace cannot be asked for.
  const away = useAct(() => deleteTraces([id]), undefined, ["page", "facets", "one"])
  const turn = (to: (typeof VIEWS)[number]): void =>
    void navigate({
      search: ({ view, ...rest }) => (view === to ? rest : { ...rest, view: to }),
      replace: true,
    })
  const back = { ...filterOf(search), ...(search.at === undefined ? {} : { at: search.at }) }
  useKeys({ r: () => turn("rendered"), Escape: () => void navigate({ to: "/traces", search: back }) })
  const onStep = useCallback(
    (index: number) => void navigate({ search: (old) => ({ ...old, step: index + 1 }), replace: true }),
    [navigate],
  )
  const list = (
    <Link to="/traces" search={back} className="hover:underline">
      Traces
    </Link>
  )
  const actions = (
    <>
      {search.at !== undefined && (
        <Neighbours
          search={{ ...back, at: search.at }}
          onOpen={(other, at) =>
            void navigate({ to: "/traces/$id", params: { id: other }, search: { ...back, at } })
          }
        />
      )}
      <button type="button" className="btn" aria-pressed={rendered} onClick={() => turn("rendered")}>
        Rendered
      </button>
      {trace.format !== null && trace.deleted_at === null && (
        <button type="button" className="btn" aria-pressed={original} onClick={() => turn("original")}>
          Original
        </button>
      )}
      <a
        className="btn"
        href={`/api/traces/${id}${trace.deleted_at === null ? "" : "?deleted=true"}`}
        download={`trace-${id}.json`}
      >
        JSON
      </a>
      {trace.deleted_at === null && (
        <button type="button" className="btn btn-bad" disabled={away.isPending} onClick={() => away.mutate()}>
          Delete
        </button>
      )}
    </>
  )
  const heading = (
    <Crumbs list={list}>
      <span className="mr-2 font-mono" title={id}>
        {shortId(id)}
      </span>
      {verdicts && <Badge value={verdicts.answer?.outcome ?? verdicts.steps?.outcome ?? null} />}
    </Crumbs>
  )
  return (
    <Page title={`Trace ${shortId(id)}`} heading={heading} actions={actions}>
      {trace.deleted_at !== null && <DeletedNote id={id} at={trace.deleted_at} />}
      {away.error && <Failure title="It was not deleted" error={away.error} />}
      {original && trace.format !== null ? (
        <Original id={id} format={trace.format} />
      ) : (
        <TraceReader
          key={id}
          trace={trace}
          verdicts={verdicts}
          current={(search.step ?? 0) - 1}
          rendered={rendered}
          onStep={onStep}
          besides={
            trace.deleted_at === null && (
              <>
                <JudgesSay trace={id} onStep={onStep} />
                <RulingPanel trace={id} author={author} onRuled={() => countAgain(queries)} />
              </>
            )
          }
        >
          <Around trace={trace} />
          {trace.deleted_at === null && <CurationsOf trace={id} />}
          <h2 className="mt-5 mb-2 font-semibold">Lineage</h2>
          <LineageList kind="trace" ids={[id, `source:${trace.source}`]} without="dataset" />
        </TraceReader>
      )}
    </Page>
  )
}
