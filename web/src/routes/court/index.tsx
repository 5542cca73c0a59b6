/** Court: two verifiers on the same traces. Who is heard, and on what, lives in the URL. */
import { keepPreviousData, useQuery, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { CourtTable } from "@/features/court/CourtTable"
import { type Chosen, HoldForm } from "@/features/court/HoldForm"
import { courts } from "@/features/court/queries"
import { WhichTraces } from "@/features/traces/WhichTraces"
import { Command, Empty } from "@/ui/Empty"
import { Failure } from "@/ui/Failure"
import { Body, Page, Section } from "@/ui/Page"
import { readQuery } from "@/ui/query"

type Search = Chosen & { query?: string }

export const Route = createFileRoute("/court/")({
  staticData: { nav: { group: "Verify", label: "Court", order: 4.2, key: "c" } },
  validateSearch: (search: Record<string, unknown>): Search => ({
    ...readQuery(search),
    ...(search.subject === "steps" ? { subject: "steps" } : {}),
    ...(typeof search.first === "string" && search.first ? { first: search.first } : {}),
    ...(typeof search.second === "string" && search.second ? { second: search.second } : {}),
  }),
  loaderDeps: ({ search }) => ({ subject: search.subject ?? "answer" }),
  loader: async ({ context: { queries }, deps, cause }) => {
    if (cause === "stay") return
    await Promise.all([
      queries.ensureQueryData(courts.list),
      queries.ensureQueryData(courts.witnesses(deps.subject)),
    ])
  },
  component: CourtsPage,
})

function CourtsPage() {
  const { query = "", ...chosen } = Route.useSearch()
  const navigate = Route.useNavigate()
  const rows = useSuspenseQuery(courts.list).data.data
  const witnesses = useQuery({
    ...courts.witnesses(chosen.subject ?? "answer"),
    placeholderData: keepPreviousData,
  })
  const go = (search: Search): void => void navigate({ search, replace: true })
  return (
    <Page title="Court">
      <Body label="Court">
        {rows.length === 0 && (
          <Empty title="No court was held yet">
            A court hears two witnesses on the same traces, shows where they differ, and lets people rule.
            <Command>tunix-rt court hold stored current</Command>
          </Empty>
        )}
        {rows.length > 0 && (
          <Section title="Courts">
            <CourtTable rows={rows} />
          </Section>
        )}
        <Section title="Hold a court">
          <WhichTraces
            query={query}
            onQuery={(next) => go({ ...chosen, ...(next ? { query: next } : {}) })}
          />
          {witnesses.error && <Failure error={witnesses.error} retry={() => void witnesses.refetch()} />}
          {witnesses.data && (
            <HoldForm
              chosen={chosen}
              witnesses={witnesses.data.data}
              query={query}
              onChoose={(next) => go({ ...next, ...(query ? { query } : {}) })}
              onHeld={(id) => void navigate({ to: "/court/$id", params: { id } })}
            />
          )}
        </Section>
      </Body>
    </Page>
  )
}
