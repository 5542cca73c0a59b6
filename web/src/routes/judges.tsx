/** Judges: models asked by a rubric whether traces are right. Which traces lives in the URL. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { AskForm } from "@/features/judges/AskForm"
import { JudgeList } from "@/features/judges/JudgeList"
import { judges } from "@/features/judges/queries"
import { WhichTraces } from "@/features/traces/WhichTraces"
import { Command, Empty } from "@/ui/Empty"
import { Body, Page, Section } from "@/ui/Page"
import { readQuery } from "@/ui/query"

export const Route = createFileRoute("/judges")({
  staticData: { nav: { group: "Verify", label: "Judges", order: 4.3, key: "j" } },
  validateSearch: readQuery,
  loader: ({ context: { queries } }) => queries.ensureQueryData(judges.list),
  component: JudgesPage,
})

function JudgesPage() {
  const { query = "" } = Route.useSearch()
  const navigate = Route.useNavigate()
  const rows = useSuspenseQuery(judges.list).data.data
  return (
    <Page title="Judges">
      <Body label="Judges">
        {rows.length === 0 && (
          <Empty title="No judge was asked yet">
            A judge is a model asked by a rubric. What it says is kept apart from verdicts.
            <Command>tunix-rt judges ask RUBRIC.toml --model MODEL</Command>
          </Empty>
        )}
        {rows.length > 0 && (
          <Section title="Judges so far" note="what a judge has said of a trace is not asked again">
            <JudgeList judges={rows} />
          </Section>
        )}
        <Section title="Ask a judge">
          <WhichTraces
            query={query}
            onQuery={(next) => void navigate({ search: next ? { query: next } : {}, replace: true })}
          />
          <AskForm query={query} onQueued={(id) => void navigate({ to: "/runs/$id", params: { id } })} />
        </Section>
      </Body>
    </Page>
  )
}
