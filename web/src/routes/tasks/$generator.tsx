/** One generator: which tasks, three of them at once, and many of them as traces or as a suite. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link, notFound } from "@tanstack/react-router"
import { fieldsOf, missingPath } from "@/features/tasks/config"
import { DrawForm } from "@/features/tasks/DrawForm"
import { MakeForm } from "@/features/tasks/MakeForm"
import { type Config, type Draw, type Generator, tasks } from "@/features/tasks/queries"
import { Samples } from "@/features/tasks/Samples"
import { Crumbs } from "@/ui/Crumbs"
import { Command } from "@/ui/Empty"
import { Body, Page, Section } from "@/ui/Page"
import { QueuedRun } from "@/ui/QueuedRun"
import { term } from "@/ui/query"

interface Search {
  config?: Config
  seed?: number
  split?: "test"
  /** The run that was asked for, and what it makes. */
  run?: string
  suite?: string
  source?: string
}

export const Route = createFileRoute("/tasks/$generator")({
  validateSearch: ({ config, seed, split, run, suite, source }: Record<string, unknown>): Search => ({
    ...(typeof config === "object" && config && !Array.isArray(config) ? { config: config as Config } : {}),
    ...(Number.isSafeInteger(seed) && (seed as number) > 0 ? { seed: seed as number } : {}),
    ...(split === "test" ? { split } : {}),
    ...(run ? { run: String(run) } : {}),
    ...(suite ? { suite: String(suite) } : {}),
    ...(source ? { source: String(source) } : {}),
  }),
  loader: async ({ context, params }) => {
    const { data } = await context.queries.ensureQueryData(tasks.generators)
    if (!data.some((one) => one.name === params.generator)) throw notFound()
  },
  component: GeneratorPage,
})

function GeneratorPage() {
  const { generator: name } = Route.useParams()
  const found = useSuspenseQuery(tasks.generators).data.data.find((one) => one.name === name)
  const list = (
    <Link to="/tasks" className="hover:underline">
      Tasks
    </Link>
  )
  if (!found) return null
  return (
    <Page title={name} heading={<Crumbs list={list}>{name}</Crumbs>}>
      <Body label="Generator">
        <p className="mb-4 max-w-3xl">
          {found.summary} <span className="text-muted">Version {found.version}.</span>
        </p>
        {found.available ? (
          <Drawing key={name} generator={found} />
        ) : (
          <div className="max-w-lg">
            The library it needs is not installed. Install it where the server runs:
            <Command>{found.install ?? ""}</Command>
          </div>
        )}
      </Body>
    </Page>
  )
}

function Drawing({ generator }: { generator: Generator }) {
  const { config = {}, seed = 0, split = "train", ...asked } = Route.useSearch()
  const navigate = Route.useNavigate()
  const draw: Draw = { config, seed, split }
  const path = missingPath(fieldsOf(generator), config)
  const go = (next: Draw, queued: Pick<Search, "run" | "suite" | "source"> = asked): void => {
    const search: Search = {
      ...(Object.keys(next.config).length > 0 ? { config: next.config } : {}),
      ...(next.seed > 0 ? { seed: next.seed } : {}),
      ...(next.split === "test" ? { split: next.split } : {}),
      ...queued,
    }
    void navigate({ search, replace: true, resetScroll: false })
  }
  return (
    <div className="grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,420px)_minmax(0,1fr)]">
      <div className="min-w-0">
        <Section title="Which tasks">
          <DrawForm generator={generator} draw={draw} onDraw={(next) => go(next)} />
        </Section>
        <Section title="Make many">
          <MakeForm
            key={split}
            generator={generator.name}
            draw={draw}
            onQueued={(id, into, made) =>
              go(draw, { run: id, ...(into === "suite" ? { suite: made } : { source: made }) })
            }
          />
          {asked.run && (
            <QueuedRun id={asked.run} changes={["tasks", "suites"]}>
              <Made />
            </QueuedRun>
          )}
        </Section>
      </div>
      <div className="min-w-0">
        <Section title="Three of them" note="made now, not stored">
          {path ? (
            <p className="text-muted">Say in {path} where the file lies.</p>
          ) : (
            <Samples generator={generator.name} draw={draw} />
          )}
        </Section>
      </div>
    </div>
  )
}

function Made() {
  const { suite, source } = Route.useSearch()
  if (suite)
    return (
      <Link to="/tasks/suites/$name" params={{ name: suite }} className="link">
        Show the suite {suite}
      </Link>
    )
  if (!source) return null
  return (
    <Link to="/traces" search={{ query: term("source", source) }} className="link">
      Show the traces of {source}
    </Link>
  )
}
