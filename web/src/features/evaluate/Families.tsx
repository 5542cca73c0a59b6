import type { Evaluation } from "@/features/evaluate/queries"
import { Interval } from "@/ui/Interval"
import { type Column, Table } from "@/ui/Table"
import { count, percent } from "@/ui/words"

type Family = Evaluation["families"][number]

interface Props {
  families: readonly Family[]
  chosen: string | undefined
  onChoose: (family: string | undefined) => void
}

/** The score by family of tasks: where a model is good, and where it is not. */
export function Families({ families, chosen, onChoose }: Props) {
  const columns: readonly Column<Family>[] = [
    {
      name: "Family",
      cell: ({ family }) => (
        <button
          type="button"
          className="link min-w-20 text-left"
          aria-pressed={family === chosen}
          onClick={() => onChoose(family === chosen ? undefined : family)}
        >
          {family}
        </button>
      ),
    },
    { name: "Right", cell: (family) => percent(family.accuracy), right: true },
    {
      name: "0 to 100%",
      cell: (family) => <Interval value={family.accuracy} low={family.ci_low} high={family.ci_high} />,
    },
    { name: "Items", cell: (family) => `${count(family.correct)} of ${count(family.n)}`, right: true },
  ]
  return <Table label="Score by family" rows={families} columns={columns} keyOf={(family) => family.family} />
}
