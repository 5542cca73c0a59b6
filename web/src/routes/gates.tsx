/** Gates: what later runs are checked against, and whether a run is still as good. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { BaselineTable } from "@/features/compare/BaselineTable"
import { CheckRun, type Choice } from "@/features/compare/CheckRun"
import { NewBaselineForm } from "@/features/compare/NewBaselineForm"
import { gates } from "@/features/compare/queries"
import { Command, Empty } from "@/ui/Empty"
import { Body, Page, Section } from "@/ui/Page"

export const Route = createFileRoute("/gates")({
  staticData: { nav: { group: "Evaluate", label: "Gates", order: 9, key: "a" } },
  validateSearch: (search: Record<string, unknown>): Choice => ({
    ...(search.baseline !== undefined && search.baseline !== "" ? { baseline: String(search.baseline) } : {}),
    ...(typeof search.run === "string" && search.run ? { run: search.run } : {}),
  }),
  loader: ({ context: { queries } }) =>
    Promise.all([queries.ensureQueryData(gates.baselines), queries.ensureQueryData(gates.evaluated)]),
  component: GatesPage,
})

function GatesPage() {
  const choice = Route.useSearch()
  const navigate = Route.useNavigate()
  const baselines = useSuspenseQuery(gates.baselines).data
  const evaluated = useSuspenseQuery(gates.evaluated).data
  return (
    <Page title="Gates">
      <Body label="Gates">
        {baselines.length === 0 && (
          <Empty title="No baselines yet">
            {evaluated.length > 0
              ? "Give what a run reached a name below; later runs are checked against it."
              : "A baseline is what a measured run reached. Measure one first."}
            <Command>
              {evaluated.length > 0
                ? "tunix-rt compare baseline NAME RUN"
                : "tunix-rt evaluate run RUN SUITE"}
            </Command>
          </Empty>
        )}
        {baselines.length > 0 && (
          <>
            <Section title="Check a run">
              <CheckRun
                baselines={baselines}
                evaluated={evaluated}
                choice={choice}
                onChoose={(next) => void navigate({ search: next, replace: true })}
              />
            </Section>
            <Section title="Baselines" note="a run fails when it is worse by more than 5 %">
              <BaselineTable rows={baselines} />
            </Section>
          </>
        )}
        {evaluated.length > 0 && (
          <Section title="Set a baseline">
            <NewBaselineForm evaluated={evaluated} />
          </Section>
        )}
      </Body>
    </Page>
  )
}
