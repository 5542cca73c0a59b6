import { kindWords } from "@/features/exams/kinds"
import type { Score } from "@/features/exams/queries"
import { Interval } from "@/ui/Interval"
import { type Column, Table } from "@/ui/Table"
import { count, percent } from "@/ui/words"

type Share = Score["detected"]
type Row = Score["kinds"][number]

const share = (of: (row: Row) => Share): Pick<Column<Row>, "cell"> => ({
  cell: (row) => <Told share={of(row)} />,
})

const COLUMNS: readonly Column<Row>[] = [
  {
    name: "Error",
    cell: (row) => (
      <span className="whitespace-nowrap">
        {kindWords(row.kind)} {row.propagated && <span className="text-muted">computed on</span>}
      </span>
    ),
  },
  { name: "Detected", ...share((row) => row.detected) },
  { name: "Exact step", ...share((row) => row.exact) },
  { name: "Warned there", ...share((row) => row.warned) },
]

/** How step verifiers did: in a sentence, and by the kind of error. */
export function Scores({ scores }: { scores: readonly Score[] }) {
  return (
    <ul className="flex flex-col gap-6">
      {scores.map((score, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its beginning
        <li key={scores.length - place}>
          <h3 className="font-medium">
            {score.verifier} <span className="font-normal text-muted">version {score.version}</span>
          </h3>
          <p className="my-1 max-w-3xl">
            It says of {said(score.detected)} of the changed traces that something is wrong, names the planted
            step in {said(score.exact)}, and leaves {said(score.clean)} of the clean ones alone.
            ProcessBench&rsquo;s F1 is <span className="font-semibold">{score.f1.toFixed(3)}</span>. A warning
            stands on the planted step of {percent(score.warned.share)}, and on some step of{" "}
            {percent(score.clean_warned.share)} of the clean ones.
          </p>
          <Table
            label={`Scores of ${score.verifier} by error`}
            rows={score.kinds}
            columns={COLUMNS}
            keyOf={(row) => `${row.kind} ${row.propagated}`}
          />
        </li>
      ))}
    </ul>
  )
}

function said(share: Share): string {
  return `${percent(share.share)} (95% interval ${percent(share.low)} to ${percent(share.high)})`
}

function Told({ share }: { share: Share }) {
  return (
    <span className="flex items-center gap-3">
      <Interval value={share.share} low={share.low} high={share.high} />
      <span className="whitespace-nowrap tabular-nums">
        {percent(share.share)}{" "}
        <span className="hidden text-muted md:inline">
          {count(share.count)} of {count(share.of)}
        </span>
      </span>
    </span>
  )
}
