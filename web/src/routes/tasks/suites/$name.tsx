/** One suite: where its problems come from, and each of them. */
import { useSuspenseInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { type Suite, tasks } from "@/features/tasks/queries"
import { SuiteItems } from "@/features/tasks/SuiteItems"
import { Crumbs } from "@/ui/Crumbs"
import { Facts, Json, Short } from "@/ui/Facts"
import { More } from "@/ui/More"
import { Body, Page, Section } from "@/ui/Page"
import { count, moment } from "@/ui/words"

export const Route = createFileRoute("/tasks/suites/$name")({
  loader: ({ context: { queries }, params: { name } }) =>
    Promise.all([
      queries.ensureInfiniteQueryData(tasks.items(name)),
      queries.ensureQueryData(tasks.suite(name)),
    ]),
  component: SuitePage,
})

function SuitePage() {
  const { name } = Route.useParams()
  const suite = useSuspenseQuery(tasks.suite(name)).data
  const list = useSuspenseInfiniteQuery(tasks.items(name))
  const items = list.data.pages.flatMap((page) => page.data)
  const up = (
    <Link to="/tasks" className="hover:underline">
      Tasks
    </Link>
  )
  return (
    <Page title={name} heading={<Crumbs list={up}>{name}</Crumbs>}>
      <Body label="Suite">
        {suite && (
          <Section title="What it is">
            <Origin suite={suite} />
          </Section>
        )}
        <Section title="Items" note={suite && count(suite.item_count)}>
          <SuiteItems items={items} />
          <More
            shown={items.length}
            {...(suite ? { total: suite.item_count } : {})}
            busy={list.isFetchingNextPage}
            onMore={list.hasNextPage ? () => void list.fetchNextPage() : null}
          />
        </Section>
      </Body>
    </Page>
  )
}

function Origin({ suite }: { suite: Suite }) {
  const { config, ...origin } = suite.origin
  const said = Object.entries(origin).map(([name, value]) => [name, String(value)] as const)
  return (
    <div className="grid max-w-3xl gap-3">
      <Facts
        facts={[
          ...said,
          ["digest", <Short key="digest">{suite.digest}</Short>],
          ["made", moment(suite.created_at)],
        ]}
      />
      {config !== undefined && Object.keys(config as object).length > 0 && (
        <Json label="Config of the generator" value={config} />
      )}
    </div>
  )
}
