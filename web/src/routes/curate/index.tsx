/** Curations: pipelines that choose traces, newest first, and a form for another. */
import { useQuery, useSuspenseInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { CurationForm } from "@/features/curate/CurationForm"
import { CurationTable } from "@/features/curate/CurationTable"
import { curations } from "@/features/curate/queries"
import { WhichTraces } from "@/features/traces/WhichTraces"
import { Command, Empty } from "@/ui/Empty"
import { Failure } from "@/ui/Failure"
import { More } from "@/ui/More"
import { Body, Page, Section } from "@/ui/Page"
import { readQuery } from "@/ui/query"
import { Skeleton } from "@/ui/Skeleton"

interface Search {
  query?: string
  /** A curation whose pipeline is begun with. */
  from?: string
}

export const Route = createFileRoute("/curate/")({
  staticData: { nav: { group: "Data", label: "Curate", order: 2.5, key: "u" } },
  validateSearch: (search: Record<string, unknown>): Search => ({
    ...readQuery(search),
    ...(search.from ? { from: String(search.from) } : {}),
  }),
  loader: async ({ context: { queries }, cause }) => {
    if (cause === "stay") return
    await Promise.all([
      queries.ensureInfiniteQueryData(curations.list),
      queries.ensureQueryData(curations.stages),
      queries.ensureQueryData(curations.suites),
    ])
  },
  component: CuratePage,
})

function CuratePage() {
  const list = useSuspenseInfiniteQuery(curations.list)
  const rows = list.data.pages.flatMap((page) => page.data)
  return (
    <Page title="Curate">
      <Body label="Curate">
        {rows.length === 0 ? (
          <Empty title="No curation yet">
            A pipeline of stages chooses traces: each is kept, or dropped with a reason.
            <Command>tunix-rt curate run examples/pipelines/clean.toml --dry-run</Command>
          </Empty>
        ) : (
          <Section title="Curations">
            <CurationTable rows={rows} />
            {list.hasNextPage && (
              <More
                shown={rows.length}
                busy={list.isFetchingNextPage}
                onMore={() => void list.fetchNextPage()}
              />
            )}
          </Section>
        )}
        <Section title="Run a pipeline">
          <New />
        </Section>
      </Body>
    </Page>
  )
}

function New() {
  const { query = "", from } = Route.useSearch()
  const navigate = Route.useNavigate()
  const known = useSuspenseQuery(curations.stages).data.data
  const suites = useSuspenseQuery(curations.suites).data
  const before = useQuery({ ...curations.one(from ?? ""), enabled: from !== undefined })
  return (
    <>
      <WhichTraces
        query={query}
        onQuery={(next) =>
          void navigate({
            search: { ...(from ? { from } : {}), ...(next ? { query: next } : {}) },
            replace: true,
          })
        }
      />
      {before.error && <Failure error={before.error} />}
      {from && before.isPending ? (
        <Skeleton rows={4} />
      ) : (
        <CurationForm
          key={from ?? ""}
          known={known}
          suites={suites}
          query={query}
          before={before.data?.pipeline}
          onStarted={(id) => void navigate({ to: "/curate/$id", params: { id } })}
        />
      )}
    </>
  )
}
