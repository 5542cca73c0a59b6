/** Verify: what is judged and what is not, and having it judged. The query lives in the URL. */
import { keepPreviousData, useQuery, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { isRefusal } from "@/features/traces/Refusal"
import { WhichTraces } from "@/features/traces/WhichTraces"
import { verify } from "@/features/verify/queries"
import { SummaryTable } from "@/features/verify/SummaryTable"
import { VerifierList } from "@/features/verify/VerifierList"
import { VerifyForm } from "@/features/verify/VerifyForm"
import { Command, Empty } from "@/ui/Empty"
import { Failure } from "@/ui/Failure"
import { Body, Page, Section } from "@/ui/Page"
import { readQuery } from "@/ui/query"
import { Skeleton } from "@/ui/Skeleton"

export const Route = createFileRoute("/verify")({
  staticData: { nav: { group: "Verify", label: "Verdicts", order: 4.1, key: "v" } },
  validateSearch: readQuery,
  loaderDeps: ({ search }) => ({ query: search.query ?? "" }),
  loader: async ({ context: { queries }, deps, cause }) => {
    if (cause === "stay") return
    await Promise.all([
      queries.ensureQueryData(verify.verifiers),
      queries.ensureQueryData(verify.summary(deps.query)).catch((error: unknown) => {
        if (!isRefusal(error)) throw error // a refused query is said under the box
      }),
    ])
  },
  component: VerifyPage,
})

function VerifyPage() {
  const { query = "" } = Route.useSearch()
  const navigate = Route.useNavigate()
  const verifiers = useSuspenseQuery(verify.verifiers).data.data
  const found = useQuery({ ...verify.summary(query), placeholderData: keepPreviousData })
  const refused = isRefusal(found.error) // said under the box
  const none = query === "" && found.data?.total.traces === 0
  return (
    <Page title="Verdicts">
      <Body label="Verdicts">
        {none ? (
          <Empty title="Nothing to judge yet">
            A verdict says whether an answer is right and which step is false.{" "}
            <Link to="/import" className="link">
              Import traces
            </Link>{" "}
            that hold the expected answer first.
            <Command>tunix-rt traces import FILE.jsonl</Command>
          </Empty>
        ) : (
          <>
            <Section title="Verify traces">
              <WhichTraces
                query={query}
                onQuery={(next) => void navigate({ search: next ? { query: next } : {} })}
              />
              <VerifyForm
                query={query}
                summary={found.error ? undefined : found.data}
                onQueued={(id) => void navigate({ to: "/runs/$id", params: { id } })}
              />
            </Section>
            {!refused && (
              <Section title="Verdicts so far">
                {found.error && <Failure error={found.error} retry={() => void found.refetch()} />}
                {!found.error && !found.data && <Skeleton rows={3} />}
                {!found.error && found.data && <SummaryTable summary={found.data} query={query} />}
              </Section>
            )}
          </>
        )}
        <VerifierList verifiers={verifiers} />
      </Body>
    </Page>
  )
}
