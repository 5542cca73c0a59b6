/** What is said of one trace, and saying more: every act asks again for what is said. */
import { useQuery } from "@tanstack/react-query"
import { useCallback, useMemo } from "react"
import type { Label } from "@/features/traces/filter"
import { type Annotation, annotations, type Mark, say, takeBack, useAct } from "@/features/traces/marks"

/** The place of a step from 0, or the whole trace. */
export type Place = number | null

const NOTHING: readonly Annotation[] = []

export interface Said {
  /** A deleted trace cannot be spoken of. */
  open: boolean
  of: (place: Place) => readonly Annotation[]
  history: readonly Annotation[]
  say: (mark: Mark) => void
  /** The same function from one drawing to the next, so that only what changed is drawn. */
  takeBack: (annotation: string) => void
  /** The label, or if it is that already, no label. */
  label: (place: Place, name: Label) => void
  error: Error | null
}

export function useSaid(id: string, open: boolean): Said {
  const found = useQuery({ ...annotations(id), enabled: open })
  const more = useAct((mark: Mark) => say(id, mark))
  const less = useAct((annotation: string) => takeBack(id, annotation))
  const { mutate: end } = less
  const takeBackOne = useCallback((annotation: string) => end(annotation), [end])
  const places = useMemo(() => byPlace(found.data?.current ?? []), [found.data])
  const of = (place: Place): readonly Annotation[] => places.get(place) ?? NOTHING
  const busy = more.isPending || less.isPending
  return {
    open,
    of,
    history: found.data?.history ?? NOTHING,
    say: (mark) => more.mutate(mark),
    takeBack: takeBackOne,
    label: (place, name) => {
      if (busy) return // what is shown is old; a button that is switched off would lose the focus
      const old = of(place).find((one) => one.kind === "label" && one.name === name)
      if (old) less.mutate(old.id)
      else more.mutate({ kind: "label", name, step: place })
    },
    error: found.error ?? more.error ?? less.error,
  }
}

export function byPlace(said: readonly Annotation[]): Map<Place, Annotation[]> {
  const places = new Map<Place, Annotation[]>()
  for (const one of said) places.set(one.step, [...(places.get(one.step) ?? []), one])
  return places
}
