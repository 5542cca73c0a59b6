/** Observers: small models that say which traces to look at first, and a form to fit another. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { FitForm } from "@/features/observers/FitForm"
import { ObserverTable } from "@/features/observers/ObserverTable"
import { observers } from "@/features/observers/queries"
import { Command, Empty } from "@/ui/Empty"
import { Body, Page, Section } from "@/ui/Page"
import { QueuedRun } from "@/ui/QueuedRun"

interface Search {
  /** The run that was asked for, and the observer that it fits. */
  run?: string
  made?: string
}

export const Route = createFileRoute("/observers/")({
  staticData: { nav: { group: "Verify", label: "Observers", order: 4.5, key: "b" } },
  validateSearch: ({ run, made }: Record<string, unknown>): Search => ({
    ...(run ? { run: String(run) } : {}),
    ...(made ? { made: String(made) } : {}),
  }),
  loader: ({ context: { queries } }) => queries.ensureQueryData(observers.list),
  component: ObserversPage,
})

function ObserversPage() {
  const rows = useSuspenseQuery(observers.list).data.data
  const { run, made } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <Page title="Observers">
      <Body label="Observers list">
        {rows.length > 0 ? (
          <ObserverTable rows={rows} />
        ) : (
          <Empty title="No observers yet">
            An observer learns from judged traces which of the others are likeliest wrong, and makes a queue
            for people. It never gives a verdict.
            <Command>tunix-rt observers fit first --query "source:gsm8k"</Command>
          </Empty>
        )}
        <Section title="Fit an observer">
          <FitForm
            onQueued={(id, name) =>
              void navigate({ search: { run: id, made: name }, replace: true, resetScroll: false })
            }
          />
          {run && (
            <QueuedRun id={run} changes={["observers"]}>
              {made && (
                <Link to="/observers/$name" params={{ name: made }} className="link">
                  Show the observer {made}
                </Link>
              )}
            </QueuedRun>
          )}
        </Section>
      </Body>
    </Page>
  )
}
