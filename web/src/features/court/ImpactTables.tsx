import type { Report } from "@/features/court/queries"
import { NodeLink } from "@/ui/NodeLink"
import { Section } from "@/ui/Page"
import { type Column, Table } from "@/ui/Table"
import { count, number, percent } from "@/ui/words"

type Impact = NonNullable<Report["impact"]>
type Source = Impact["sources"][number]
type Dataset = Impact["datasets"][number]
type Evaluation = Impact["evaluations"][number]

const SOURCES: readonly Column<Source>[] = [
  {
    name: "Source",
    cell: (one) => <NodeLink node={{ kind: "trace", id: `source:${one.source}`, label: one.source }} />,
  },
  { name: "Model", cell: (one) => one.model ?? "", wide: true },
  { name: "Traces", cell: (one) => count(one.traces), right: true },
  { name: "Changed", cell: (one) => count(one.changed), right: true },
  {
    name: "Mean reward",
    cell: (one) => to(number(one.reward_before), number(one.reward_after)),
    right: true,
  },
]

const DATASETS: readonly Column<Dataset>[] = [
  { name: "Dataset", cell: (one) => <NodeLink node={{ kind: "dataset", id: one.key, label: "" }} /> },
  { name: "Traces heard", cell: (one) => count(one.traces), right: true },
  { name: "Changed", cell: (one) => count(one.changed), right: true },
  { name: "Right", cell: (one) => to(count(one.right_before), count(one.right_after)), right: true },
]

const EVALUATIONS: readonly Column<Evaluation>[] = [
  {
    name: "Evaluation",
    cell: (one) => (
      <NodeLink
        node={{ kind: "evaluation", id: one.evaluation_id, label: `${one.model_id} on ${one.suite}` }}
      />
    ),
  },
  { name: "Items", cell: (one) => count(one.items), right: true },
  { name: "Changed", cell: (one) => count(one.changed), right: true },
  {
    name: "Accuracy",
    cell: (one) => to(percent(one.accuracy_before), percent(one.accuracy_after)),
    right: true,
  },
]

/** What would change if the verifiers were believed as they are now. */
export function ImpactTables({ impact }: { impact: Impact }) {
  const sources = impact.sources.filter((one) => one.changed > 0)
  return (
    <>
      <Section title="Stored verdicts that would change" note="by source and model">
        {sources.length === 0 && <Nothing>No stored verdict</Nothing>}
        {sources.length > 0 && (
          <Table
            label="Sources that would change"
            rows={sources}
            columns={SOURCES}
            keyOf={(one) => JSON.stringify([one.source, one.model])}
          />
        )}
      </Section>
      <Section title="Datasets that hold such traces" note="a frozen dataset itself never changes">
        {impact.datasets.length === 0 && <Nothing>No dataset</Nothing>}
        {impact.datasets.length > 0 && (
          <Table
            label="Datasets that would change"
            rows={impact.datasets}
            columns={DATASETS}
            keyOf={(one) => one.key}
          />
        )}
      </Section>
      <Section title="Evaluations that would change" note="cells of the leaderboard">
        {impact.evaluations.length === 0 && <Nothing>No evaluation</Nothing>}
        {impact.evaluations.length > 0 && (
          <Table
            label="Evaluations that would change"
            rows={impact.evaluations}
            columns={EVALUATIONS}
            keyOf={(one) => one.evaluation_id}
          />
        )}
      </Section>
    </>
  )
}

function Nothing({ children }: { children: string }) {
  return <p className="text-sm text-muted">{children} would change.</p>
}

function to(before: string, after: string): string {
  return before === after ? before : `${before} → ${after}`
}
