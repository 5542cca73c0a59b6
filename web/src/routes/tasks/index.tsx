/** Tasks: where problems come from, and the suites that are frozen. */
import { useSuspenseInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { GeneratorTable } from "@/features/tasks/GeneratorTable"
import { tasks } from "@/features/tasks/queries"
import { SuiteTable } from "@/features/tasks/SuiteTable"
import { Command, Empty } from "@/ui/Empty"
import { More } from "@/ui/More"
import { Body, Page, Section } from "@/ui/Page"

export const Route = createFileRoute("/tasks/")({
  staticData: { nav: { group: "Data", label: "Tasks", order: 10, key: "k" } },
  loader: ({ context: { queries } }) =>
    Promise.all([queries.ensureQueryData(tasks.generators), queries.ensureInfiniteQueryData(tasks.suites)]),
  component: TasksPage,
})

function TasksPage() {
  const generators = useSuspenseQuery(tasks.generators).data.data
  const list = useSuspenseInfiniteQuery(tasks.suites)
  const suites = list.data.pages.flatMap((page) => page.data)
  return (
    <Page title="Tasks">
      <Body label="Tasks">
        <Section title="Generators" note="problems with a known answer; choose one to make some">
          <GeneratorTable rows={generators} />
        </Section>
        <Section title="Suites" note="what models are measured on">
          {suites.length > 0 ? (
            <>
              <SuiteTable rows={suites} />
              <More
                shown={suites.length}
                busy={list.isFetchingNextPage}
                onMore={list.hasNextPage ? () => void list.fetchNextPage() : null}
              />
            </>
          ) : (
            <Empty title="No suites yet">
              Choose a generator above and freeze some of its test tasks.
              <Command>tunix-rt tasks suite cards odds --count 50 --split test</Command>
            </Empty>
          )}
        </Section>
      </Body>
    </Page>
  )
}
