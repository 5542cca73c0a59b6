/** One run: what it does, its metrics as they grow, its log as it is written. */
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { CancelRun } from "@/features/runs/CancelRun"
import { isActive, makesFiles, runs } from "@/features/runs/queries"
import { RunCharts } from "@/features/runs/RunCharts"
import { RunFacts } from "@/features/runs/RunFacts"
import { RunFiles } from "@/features/runs/RunFiles"
import { RunLog } from "@/features/runs/RunLog"
import { Badge } from "@/ui/Badge"
import { Crumbs } from "@/ui/Crumbs"
import { Json } from "@/ui/Facts"
import { Body, Page, Section } from "@/ui/Page"

export const Route = createFileRoute("/runs/$id")({
  loader: ({ context, params }) => context.queries.ensureQueryData(runs.one(params.id)),
  component: RunPage,
})

function RunPage() {
  const { id } = Route.useParams()
  const queries = useQueryClient()
  const { data: run } = useSuspenseQuery(runs.one(id))
  const active = isActive(run.status)
  const name = run.name || run.kind
  const list = (
    <Link to="/runs" className="hover:underline">
      Runs
    </Link>
  )
  const heading = (
    <Crumbs list={list}>
      {name} <Badge value={run.status} />
    </Crumbs>
  )
  const stoppable = run.status === "running" || run.status === "pending"
  return (
    <Page title={name} heading={heading} actions={stoppable && <CancelRun id={id} />}>
      <Body label="Run">
        {run.error && run.status === "cancelled" && <p className="mb-4">{run.error}</p>}
        {run.error && run.status !== "cancelled" && (
          <p
            role="alert"
            className="mb-4 rounded-lg border border-bad bg-bad-bg p-3 break-words whitespace-pre-wrap"
          >
            {run.error}
          </p>
        )}
        <Section title="Facts">
          <RunFacts run={run} />
        </Section>
        <div className="mt-6">
          <RunCharts id={id} active={active} />
        </div>
        <Section title="Log">
          <RunLog key={id} id={id} onEnd={() => void queries.invalidateQueries({ queryKey: ["runs"] })} />
        </Section>
        {!active && makesFiles(run.kind) && <RunFiles id={id} />}
        {Object.keys(run.result).length > 0 && (
          <Section title="Result">
            <Json label="Result of the run" value={run.result} />
          </Section>
        )}
        <Section title="Config">
          <Json label="Config of the run" value={run.config} />
        </Section>
      </Body>
    </Page>
  )
}
