import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { type Rendering, ROOMY, renderingOf, type Said, saidOf, xrays } from "@/features/xray/queries"
import { XrayForm } from "@/features/xray/XrayForm"
import { XrayNumbers } from "@/features/xray/XrayNumbers"
import { XrayProofs } from "@/features/xray/XrayProofs"
import { XrayRows } from "@/features/xray/XrayRows"
import { Failure } from "@/ui/Failure"
import { More } from "@/ui/More"
import { Section } from "@/ui/Page"
import { Skeleton } from "@/ui/Skeleton"
import { count } from "@/ui/words"

interface Props {
  dataset: string
  /** The rendering that was proven when it was frozen. */
  usual?: Rendering | undefined
  /** What is rendered otherwise. */
  look: Said
  /** How many rows are shown, where it is not as usual. */
  shown?: number | undefined
  onLook: (look: Said, shown?: number) => void
}

const FEW = 5
const MOST = 100

/** A version as it will be trained: how it is rendered, what is proven of it, its numbers and rows. */
export function XrayPanel({ dataset, usual = ROOMY, look, shown = FEW, onLook }: Props) {
  const rendering = renderingOf(look, usual)
  const { data, error, isFetching } = useQuery({
    ...xrays.dataset(dataset, rendering, shown),
    placeholderData: keepPreviousData,
  })
  const more = data?.rows.length === shown && shown < MOST
  return (
    <>
      <XrayForm rendering={rendering} busy={isFetching} onLook={(next) => onLook(saidOf(next, usual))} />
      {error && <Failure title="It cannot be rendered so" error={error} />}
      {!error && !data && <Skeleton />}
      {!error && data && (
        <>
          <Section
            title="Proofs"
            note={data.complete ? "over every row" : `over the first ${count(data.proofs.numbers.rows)} rows`}
          >
            <XrayProofs
              proofs={data.proofs}
              onFit={(tokens) => onLook(saidOf({ ...rendering, max_seq_length: tokens }, usual))}
            />
          </Section>
          <Section title="Numbers" note={tokenizerOf(data.tokenizer)}>
            <XrayNumbers numbers={data.proofs.numbers} />
          </Section>
          <Section title="Rows as they will be trained">
            <XrayRows rows={data.rows} />
            <More
              shown={data.rows.length}
              busy={isFetching}
              onMore={more ? () => onLook(look, Math.min(MOST, shown * 4)) : null}
            />
          </Section>
        </>
      )}
    </>
  )
}

function tokenizerOf({ name, size }: { name: string | null; size: number }): string {
  return `${name ?? "a tokenizer built from the rows"}, ${count(size)} tokens`
}
