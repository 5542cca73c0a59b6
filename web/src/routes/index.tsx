/** Overview: how much there is, how good it is, what runs, what wants attention. */
import { useInfiniteQuery, useSuspenseInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import { bounds, bySuite, newest } from "@/features/evaluate/leaders"
import { evaluations } from "@/features/evaluate/queries"
import { runs } from "@/features/runs/queries"
import { RunTable } from "@/features/runs/RunTable"
import { traces } from "@/features/traces/queries"
import { Command } from "@/ui/Empty"
import { Figure } from "@/ui/Figure"
import { Body, Page, Section } from "@/ui/Page"
import { count, percent } from "@/ui/words"

const RECENT = 8

export const Route = createFileRoute("/")({
  staticData: { nav: { group: "Data", label: "Overview", order: 1, key: "o" } },
  loader: ({ context: { queries } }) =>
    Promise.all([
      queries.ensureQueryData(traces.facets({})),
      queries.ensureInfiniteQueryData(runs.list({})),
      queries.ensureQueryData(evaluations.leaders),
    ]),
  component: OverviewPage,
})

function OverviewPage() {
  const { total } = useSuspenseQuery(traces.facets({})).data
  const recent = useSuspenseInfiniteQuery(runs.list({})).data.pages.flatMap((page) => page.data)
  return (
    <Page title="Overview">
      <Body label="Overview">
        {total === 0 && recent.length === 0 ? (
          <FirstSteps />
        ) : (
          <>
            <Figures />
            <NeedsYou />
            <Section title="Recent runs">
              {recent.length > 0 ? (
                <RunTable rows={recent.slice(0, RECENT)} />
              ) : (
                <p className="text-muted">None yet.</p>
              )}
              {recent.length > RECENT && (
                <p className="mt-2">
                  <Link to="/runs" className="link">
                    All runs
                  </Link>
                </p>
              )}
            </Section>
          </>
        )}
      </Body>
    </Page>
  )
}

function Figures() {
  const { total, verdicts } = useSuspenseQuery(traces.facets({})).data
  const running = useInfiniteQuery(runs.list({ status: "running" })).data?.pages[0]
  const { data: leaders } = useSuspenseQuery(evaluations.leaders).data
  const of = (verdict: string): number =>
    verdicts.find((one) => (one.value ?? "none") === verdict)?.count ?? 0
  const judged = total - of("none")
  const best = newest(bySuite(leaders))
  const first = best?.leaders[0]
  const { low, high } = first ? bounds(first) : {}
  const more = running?.pagination.next_cursor ? "+" : ""
  return (
    <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Figure
        name="Traces"
        value={<Wide to="/traces">{count(total)}</Wide>}
        note={`${count(judged)} judged`}
      />
      <Figure
        name="Right"
        value={
          <Link
            to="/traces"
            search={{ query: "verdict:right" }}
            className="after:absolute after:inset-0 hover:underline"
          >
            {judged > 0 ? percent(of("right") / judged) : "–"}
          </Link>
        }
        note={`${count(of("wrong"))} wrong, ${count(of("undecided"))} undecided`}
      />
      <Figure
        name="Running"
        value={
          <Link
            to="/runs"
            search={{ status: "running" }}
            className="after:absolute after:inset-0 hover:underline"
          >
            {running ? `${count(running.data.length)}${more}` : "–"}
          </Link>
        }
        note="runs at work now"
      />
      <Figure
        name={best ? `Best on ${best.name}` : "Best model"}
        value={<Wide to="/leaderboard">{first ? percent(first.primary_score) : "–"}</Wide>}
        note={
          first
            ? `${first.model_id}${low === undefined || high === undefined ? "" : `, 95% interval ${percent(low)} to ${percent(high)}`}`
            : "nothing measured yet"
        }
      />
    </dl>
  )
}

function Wide({ to, children }: { to: "/traces" | "/leaderboard"; children: ReactNode }) {
  return (
    <Link to={to} className="after:absolute after:inset-0 hover:underline">
      {children}
    </Link>
  )
}

function NeedsYou() {
  const failed = useInfiniteQuery(runs.list({ status: "failed" })).data?.pages[0]?.data ?? []
  if (failed.length === 0) return null
  return (
    <Section title="Needs you">
      <ul className="flex flex-col gap-1">
        {failed.slice(0, 3).map((run) => (
          <li key={run.id} className="flex min-w-0 gap-2">
            <span aria-hidden className="font-semibold text-bad">
              ✕
            </span>
            <Link to="/runs/$id" params={{ id: run.id }} className="link shrink-0">
              {run.name || run.kind}
            </Link>
            <span className="truncate text-muted">{run.error ?? "failed"}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function FirstSteps() {
  return (
    <div className="mx-auto max-w-2xl">
      <h2 className="text-lg font-semibold">Nothing here yet</h2>
      <p className="mt-1 text-muted">
        Bring traces in, judge them, freeze the good ones, train on them, measure what came of it. Each step
        is one line in a terminal, and each result appears here.
      </p>
      <ol className="mt-4 flex flex-col gap-4">
        <li>
          See the whole loop on this machine first:
          <Command>tunix-rt demo</Command>
        </li>
        <li>
          Or begin with traces of your own, in{" "}
          <Link to="/import" className="link">
            the browser
          </Link>{" "}
          or in the terminal:
          <Command>tunix-rt traces import FILE.jsonl</Command>
        </li>
        <li>
          Then find out which of them are right:
          <Command>tunix-rt verify run</Command>
        </li>
      </ol>
    </div>
  )
}
