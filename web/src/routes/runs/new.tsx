/** A new training: a frozen dataset, a recipe to begin with, and what is changed in it. */
import { useQuery, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { training } from "@/features/train/queries"
import { TrainForm } from "@/features/train/TrainForm"
import { Crumbs } from "@/ui/Crumbs"
import { Command, Empty } from "@/ui/Empty"
import { Failure } from "@/ui/Failure"
import { Body, Page } from "@/ui/Page"
import { Refused } from "@/ui/Refused"
import { Skeleton } from "@/ui/Skeleton"

interface Search {
  /** The dataset that is chosen at first. */
  dataset?: string
  /** A training whose recipe is begun with. */
  from?: string
  /** The step of it whose weights are begun with. */
  fork?: number
}

export const Route = createFileRoute("/runs/new")({
  validateSearch: ({ dataset, from, fork }: Record<string, unknown>): Search => ({
    ...(dataset ? { dataset: String(dataset) } : {}),
    ...(from ? { from: String(from) } : {}),
    ...(from && Number.isInteger(fork) && Number(fork) > 0 ? { fork: Number(fork) } : {}),
  }),
  loader: ({ context: { queries } }) => queries.ensureQueryData(training.choices),
  component: NewTrainingPage,
})

function NewTrainingPage() {
  const { datasets, status } = useSuspenseQuery(training.choices).data
  const list = (
    <Link to="/runs" className="hover:underline">
      Runs
    </Link>
  )
  return (
    <Page title="New training" heading={<Crumbs list={list}>New training</Crumbs>}>
      <Body label="New training">
        {!status.available && <p className="mb-4 max-w-prose text-bad">{status.message}</p>}
        {datasets.length > 0 ? (
          <New />
        ) : (
          <Empty title="No datasets yet">
            A training learns from a frozen dataset. Freeze one first.
            <Command>tunix-rt datasets build --help</Command>
          </Empty>
        )}
      </Body>
    </Page>
  )
}

function New() {
  const { dataset, from, fork } = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: choices } = useSuspenseQuery(training.choices)
  const before = useQuery({ ...training.earlier(from ?? ""), enabled: from !== undefined })
  if (from && before.isPending) return <Skeleton rows={4} />
  return (
    <>
      {before.error && <Failure error={before.error} />}
      <Refused error={before.data === null ? `The run ${from} has no recipe.` : null} />
      <TrainForm
        key={`${from ?? ""}/${fork ?? ""}`}
        choices={choices}
        dataset={dataset ?? (before.data?.dataset || undefined)}
        before={before.data ?? undefined}
        fork={from && before.data && fork ? { run_id: from, step: fork } : undefined}
        onStarted={(id) => void navigate({ to: "/runs/$id", params: { id } })}
      />
    </>
  )
}
