/** A new tuning job: what is searched, what it is judged by, how often it may try. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { NewJobForm } from "@/features/tune/NewJobForm"
import { tuning } from "@/features/tune/queries"
import { Crumbs } from "@/ui/Crumbs"
import { Command, Empty } from "@/ui/Empty"
import { Body, Page } from "@/ui/Page"

export const Route = createFileRoute("/tuning/new")({
  loader: ({ context: { queries } }) => queries.ensureQueryData(tuning.choices),
  component: NewJobPage,
})

function NewJobPage() {
  const navigate = Route.useNavigate()
  const { datasets, suites } = useSuspenseQuery(tuning.choices).data
  const list = (
    <Link to="/tuning" className="hover:underline">
      Tuning
    </Link>
  )
  return (
    <Page title="New tuning job" heading={<Crumbs list={list}>New job</Crumbs>}>
      <Body label="New tuning job">
        {datasets.length > 0 ? (
          <NewJobForm
            datasets={datasets}
            suites={suites}
            onCreated={(job) => void navigate({ to: "/tuning/$id", params: { id: job.id } })}
          />
        ) : (
          <Empty title="No datasets yet">
            Trials learn from a frozen dataset. Freeze one first.
            <Command>tunix-rt datasets build --help</Command>
          </Empty>
        )}
      </Body>
    </Page>
  )
}
