/** A new dataset: traces by a query, what a curation kept, or a mixture, frozen by a run. */
import { useSuspenseInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { curations } from "@/features/curate/queries"
import { BuildForm } from "@/features/datasets/BuildForm"
import { SOURCES, type Source } from "@/features/datasets/build"
import { datasets } from "@/features/datasets/queries"
import { ProofFields, readProof } from "@/features/xray/ProofFields"
import { Crumbs } from "@/ui/Crumbs"
import { NodeLink } from "@/ui/NodeLink"
import { Body, Page } from "@/ui/Page"
import { QueuedRun } from "@/ui/QueuedRun"

interface Search {
  source?: Source
  curation?: string
  /** The run that was asked for, and the version that it makes. */
  run?: string
  made?: string
}

export const Route = createFileRoute("/datasets/new")({
  validateSearch: ({ source, curation, run, made }: Record<string, unknown>): Search => {
    const known = SOURCES.find((one) => one === source)
    return {
      ...(known ? { source: known } : {}),
      ...(curation ? { curation: String(curation) } : {}),
      ...(run ? { run: String(run) } : {}),
      ...(made ? { made: String(made) } : {}),
    }
  },
  loader: ({ context: { queries } }) =>
    Promise.all([
      queries.ensureInfiniteQueryData(datasets.list),
      queries.ensureQueryData(curations.freezable),
    ]),
  component: NewDatasetPage,
})

function NewDatasetPage() {
  const { source, curation, run, made } = Route.useSearch()
  const navigate = Route.useNavigate()
  const versions = useSuspenseInfiniteQuery(datasets.list).data.pages.flatMap((page) => page.data)
  const freezable = useSuspenseQuery(curations.freezable).data
  const list = (
    <Link to="/datasets" className="hover:underline">
      Datasets
    </Link>
  )
  const go = (next: Search): void =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true, resetScroll: false })
  return (
    <Page title="New dataset" heading={<Crumbs list={list}>New</Crumbs>}>
      <Body label="New dataset">
        <BuildForm
          source={source ?? (curation ? "curation" : "query")}
          onSource={(next) => go({ source: next })}
          curation={curation}
          curations={freezable}
          versions={versions.map((one) => one.dataset_key)}
          proof={{ fields: <ProofFields />, read: readProof }}
          onQueued={(id, dataset) => go({ run: id, made: dataset })}
        />
        {run && (
          <QueuedRun id={run} changes={["datasets", "list"]}>
            {made && (
              <p>
                Frozen: <NodeLink node={{ kind: "dataset", id: made, label: made }} />
              </p>
            )}
          </QueuedRun>
        )}
      </Body>
    </Page>
  )
}
