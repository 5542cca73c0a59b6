/** One run: what it does, its metrics as they grow, its log, and what a model practised in it. */
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { Doctor } from "@/features/practice/Doctor"
import { practiceOf } from "@/features/practice/practised"
import { Rollouts } from "@/features/practice/Rollouts"
import { CancelRun } from "@/features/runs/CancelRun"
import { Checkpoints } from "@/features/runs/Checkpoints"
import { ExportRun } from "@/features/runs/ExportRun"
import { endedEarly, isActive, makesFiles, type Run, runs } from "@/features/runs/queries"
import { RetryRun } from "@/features/runs/RetryRun"
import { RunCharts } from "@/features/runs/RunCharts"
import { RunFacts } from "@/features/runs/RunFacts"
import { RunFiles } from "@/features/runs/RunFiles"
import { RunLog } from "@/features/runs/RunLog"
import { DryRunFound } from "@/features/train/DryRun"
import { dryRunOf } from "@/features/train/dry"
import { Badge } from "@/ui/Badge"
import { Crumbs } from "@/ui/Crumbs"
import { Json } from "@/ui/Facts"
import { Body, Page, Section } from "@/ui/Page"

const TABS = { about: "About", rollouts: "Rollouts", doctor: "Doctor" } as const
type Tab = keyof typeof TABS

interface Search {
  tab?: Tab
  /** Which rollouts are shown: a round, and one problem of it. */
  round?: number
  slot?: number
}

export const Route = createFileRoute("/runs/$id")({
  validateSearch: ({ tab, round, slot }: Record<string, unknown>): Search => ({
    ...(typeof tab === "string" && tab in TABS && tab !== "about" ? { tab: tab as Tab } : {}),
    ...(isPlace(round) ? { round } : {}),
    ...(isPlace(slot) ? { slot } : {}),
  }),
  loader: ({ context, params }) => context.queries.ensureQueryData(runs.one(params.id)),
  component: RunPage,
})

function isPlace(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31
}

function RunPage() {
  const { id } = Route.useParams()
  const { tab: asked = "about", round, slot } = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: run } = useSuspenseQuery(runs.one(id))
  const active = isActive(run.status)
  const how = practiceOf(run)
  const tab = how && asked in TABS ? asked : "about" // the router keeps what it did not understand
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
  return (
    <Page title={name} heading={heading} actions={<Acts run={run} />}>
      {how && (
        <nav aria-label="Sides of the run" className="flex flex-wrap gap-1 border-b border-line px-4 py-1.5">
          {(Object.keys(TABS) as Tab[]).map((one) => (
            <Link
              key={one}
              to="/runs/$id"
              params={{ id }}
              search={one === "about" ? {} : { tab: one }}
              className="btn aria-[current=page]:border-accent aria-[current=page]:bg-sel"
              activeOptions={{ exact: true, includeSearch: true }}
              aria-current={tab === one ? "page" : undefined}
            >
              {TABS[one]}
            </Link>
          ))}
        </nav>
      )}
      <Body label={how ? TABS[tab] : "Run"}>
        {tab === "about" && <About run={run} />}
        {tab === "rollouts" && how && (
          <Rollouts
            key={id}
            id={id}
            active={active}
            how={how}
            shown={{ ...(round === undefined ? {} : { round }), slot }}
            onShown={({ round, slot }) =>
              void navigate({
                search: { tab: "rollouts", round, ...(slot === undefined ? {} : { slot }) },
                replace: true,
                resetScroll: false,
              })
            }
          />
        )}
        {tab === "doctor" && <Doctor id={id} active={active} result={run.result} />}
      </Body>
    </Page>
  )
}

function Acts({ run }: { run: Run }) {
  const navigate = Route.useNavigate()
  const stoppable = run.status === "running" || run.status === "pending"
  return (
    <>
      {stoppable ? <CancelRun id={run.id} /> : endedEarly(run.status) && <RetryRun id={run.id} />}
      {Object.keys(run.last_metrics ?? {}).length > 0 && (
        <ExportRun
          key={run.id}
          id={run.id}
          onQueued={(id) => void navigate({ to: "/runs/$id", params: { id }, search: {} })}
        />
      )}
      {run.kind === "train" && (
        <Link to="/runs/new" search={{ from: run.id }} className="btn">
          Train again
        </Link>
      )}
    </>
  )
}

function About({ run }: { run: Run }) {
  const { id } = run
  const queries = useQueryClient()
  const active = isActive(run.status)
  const dry = dryRunOf(run.result)
  return (
    <>
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
      {dry && <DryRunFound found={dry} />}
      <div className="mt-6">
        <RunCharts id={id} active={active} />
      </div>
      <Section title="Log">
        <RunLog key={id} id={id} onEnd={() => void queries.invalidateQueries({ queryKey: ["runs"] })} />
      </Section>
      {run.kind === "train" && <Checkpoints run={run} />}
      {!active && makesFiles(run.kind) && <RunFiles id={id} />}
      {Object.keys(run.result).length > 0 && (
        <Section title="Result">
          <Json label="Result of the run" value={run.result} />
        </Section>
      )}
      <Section title="Config">
        <Json label="Config of the run" value={run.config} />
      </Section>
    </>
  )
}
