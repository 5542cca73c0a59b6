/** Leaderboard: every evaluation, by suite, with its interval. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { LeaderTable } from "@/features/evaluate/LeaderTable"
import { bySuite } from "@/features/evaluate/leaders"
import { evaluations } from "@/features/evaluate/queries"
import { Command, Empty } from "@/ui/Empty"
import { Body, Page } from "@/ui/Page"

export const Route = createFileRoute("/leaderboard")({
  staticData: { nav: { group: "Evaluate", label: "Leaderboard", order: 8, key: "l" } },
  loader: ({ context }) => context.queries.ensureQueryData(evaluations.leaders),
  component: LeaderboardPage,
})

function LeaderboardPage() {
  const { data } = useSuspenseQuery(evaluations.leaders).data
  return (
    <Page title="Leaderboard">
      <Body label="Leaderboard">
        {bySuite(data).map((suite) => (
          <LeaderTable key={suite.name} suite={suite} />
        ))}
        {data.length === 0 && (
          <Empty title="Nothing measured yet">
            Ask a model the tasks of a suite; its score and interval stand here.
            <Command>tunix-rt evaluate run --help</Command>
          </Empty>
        )}
      </Body>
    </Page>
  )
}
