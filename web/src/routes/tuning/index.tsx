/** Tuning: searches for the values of a recipe that do best, newest first. */
import { useSuspenseInfiniteQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { JobTable } from "@/features/tune/JobTable"
import { tuning } from "@/features/tune/queries"
import { Command, Empty } from "@/ui/Empty"
import { More } from "@/ui/More"
import { Body, Page } from "@/ui/Page"

export const Route = createFileRoute("/tuning/")({
  staticData: { nav: { group: "Train", label: "Tuning", order: 6, key: "u" } },
  loader: ({ context: { queries } }) => queries.ensureInfiniteQueryData(tuning.list),
  component: TuningPage,
})

function TuningPage() {
  const list = useSuspenseInfiniteQuery(tuning.list)
  const rows = list.data.pages.flat()
  const create = (
    <Link to="/tuning/new" className="btn">
      New tuning job
    </Link>
  )
  return (
    <Page title="Tuning" actions={create}>
      <Body label="Tuning list">
        {rows.length > 0 ? (
          <>
            <JobTable rows={rows} />
            <More
              shown={rows.length}
              busy={list.isFetchingNextPage}
              onMore={list.hasNextPage ? () => void list.fetchNextPage() : null}
            />
          </>
        ) : (
          <Empty title="No tuning jobs yet">
            A job tries recipes that differ in a few values, and names the best.
            <Command>tunix-rt tune create FILE.toml</Command>
          </Empty>
        )}
      </Body>
    </Page>
  )
}
