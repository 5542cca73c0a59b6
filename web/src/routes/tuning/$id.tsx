/** One tuning job: the best so far, every trial, and what it searches. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { JobActs } from "@/features/tune/JobActs"
import { JobFacts } from "@/features/tune/JobFacts"
import { tuning } from "@/features/tune/queries"
import { Trials } from "@/features/tune/Trials"
import { Badge } from "@/ui/Badge"
import { Crumbs } from "@/ui/Crumbs"
import { NodeLink } from "@/ui/NodeLink"
import { Body, Page, Section } from "@/ui/Page"

interface Search {
  order?: "tried"
}

export const Route = createFileRoute("/tuning/$id")({
  validateSearch: (search: Record<string, unknown>): Search =>
    search.order === "tried" ? { order: "tried" } : {},
  loader: ({ context, params }) => context.queries.ensureQueryData(tuning.one(params.id)),
  component: JobPage,
})

function JobPage() {
  const { id } = Route.useParams()
  const { order } = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: job } = useSuspenseQuery(tuning.one(id))
  const list = (
    <Link to="/tuning" className="hover:underline">
      Tuning
    </Link>
  )
  const heading = (
    <Crumbs list={list}>
      {job.name} <Badge value={job.status} />
    </Crumbs>
  )
  return (
    <Page title={job.name} heading={heading} actions={<JobActs job={job} />}>
      <Body label="Tuning job">
        {job.status === "failed" && job.run_id && (
          <p role="alert" className="mb-6">
            The job failed;{" "}
            <NodeLink node={{ kind: "run", id: job.run_id, label: "the run that drove it" }} /> says why.
          </p>
        )}
        <Trials
          job={job}
          asTried={order === "tried"}
          onAsTried={(on) => void navigate({ search: on ? { order: "tried" } : {}, replace: true })}
        />
        <Section title="What it searches">
          <JobFacts job={job} />
        </Section>
      </Body>
    </Page>
  )
}
