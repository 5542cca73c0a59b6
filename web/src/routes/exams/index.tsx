/** Exams: verified traces with one known error each, newest first, and a form for another. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { ExamTable } from "@/features/exams/ExamTable"
import { NewExamForm } from "@/features/exams/NewExamForm"
import { exams } from "@/features/exams/queries"
import { Command, Empty } from "@/ui/Empty"
import { Body, Page, Section } from "@/ui/Page"
import { QueuedRun } from "@/ui/QueuedRun"

interface Search {
  /** The run that was asked for, and the exam that it makes. */
  run?: string
  made?: string
}

export const Route = createFileRoute("/exams/")({
  staticData: { nav: { group: "Verify", label: "Exams", order: 4.4, key: "e" } },
  validateSearch: ({ run, made }: Record<string, unknown>): Search => ({
    ...(run ? { run: String(run) } : {}),
    ...(made ? { made: String(made) } : {}),
  }),
  loader: ({ context: { queries } }) => queries.ensureQueryData(exams.list),
  component: ExamsPage,
})

function ExamsPage() {
  const rows = useSuspenseQuery(exams.list).data.data
  const { run, made } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <Page title="Exams">
      <Body label="Exams list">
        {rows.length > 0 ? (
          <ExamTable rows={rows} />
        ) : (
          <Empty title="No exams yet">
            An exam plants one known error in each of many verified traces: to see what a checker finds, and
            to train one.
            <Command>tunix-rt exams make gsm-1 --query "source:gsm8k"</Command>
          </Empty>
        )}
        <Section title="Make an exam">
          <NewExamForm
            onQueued={(id, name) =>
              void navigate({ search: { run: id, made: name }, replace: true, resetScroll: false })
            }
          />
          {run && (
            <QueuedRun id={run} changes={["exams"]}>
              {made && (
                <Link to="/exams/$name" params={{ name: made }} className="link">
                  Show the exam {made}
                </Link>
              )}
            </QueuedRun>
          )}
        </Section>
      </Body>
    </Page>
  )
}
