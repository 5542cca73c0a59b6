/** What the web asks to see rows as they will be trained, and the choices of how they are rendered. */
import { queryOptions } from "@tanstack/react-query"
import { ask, http } from "@/api/client"
import type { components } from "@/api/schema.gen"

export type Xray = components["schemas"]["Xray"]
export type XrayRow = components["schemas"]["XrayRow"]
export type XraySpan = components["schemas"]["XraySpan"]
export type Proofs = components["schemas"]["Proofs"]
export type Numbers = components["schemas"]["Numbers"]
export type Rendering = components["schemas"]["Rendering"]
export type Policy = components["schemas"]["MaskPolicy"]

/** As a recipe has it where it says nothing. */
export const USUAL: Rendering = {
  template: "think",
  tokenizer: null,
  vocab_size: 96,
  system: null,
  reasoning: "train",
  masks: {
    wrong: "train",
    undecided: 1,
    after_error: "train",
    keep_corrections: true,
    wrong_answer: "train",
  },
  max_seq_length: 128,
  too_long: "refuse",
  batch_size: 32,
  batching: { layout: "padded", buckets: 6 },
  seed: 0,
}

/** What is looked at first where nothing is proven: the same, with room for any character and for longer rows. */
export const ROOMY: Rendering = { ...USUAL, vocab_size: 512, max_seq_length: 1024 }

/** Suggested; the server knows which there are. */
export const TEMPLATES = ["think", "chat", "gemma", "plain", "r1"]
export const REASONING = {
  train: "learned",
  context: "shown, not learned",
  omit: "left out",
} as const satisfies Record<Rendering["reasoning"], string>
export const TOO_LONG = {
  refuse: "nothing is trained",
  drop: "left out",
  cut: "cut at the end",
} as const satisfies Record<Rendering["too_long"], string>

/** What may be let pass although it does not hold. */
export const PROOFS = {
  worded: "the template can word every row",
  fits: "no row is too long",
  text: "the tokens decode to the very text",
  reasoning: "every step stands there, whole and in order",
  no_empty_thought: "no thought is left empty",
  answer: "the answer is whole, and read back as it was",
  one_begin: "begin of text stands once",
  end_trained: "end of text stands once and is learned",
  trained: "something is learned",
} as const satisfies Record<Proofs["proofs"][number]["name"], string>

/** A rendering as an address holds it: only what is not as usual. */
export type Said = Partial<Omit<Rendering, "masks">> & { masks?: Partial<Policy> }

export function renderingOf({ masks, ...said }: Said, usual: Rendering): Rendering {
  return { ...usual, ...said, masks: { ...usual.masks, ...masks } as Policy }
}

/** What of a rendering is not as usual. */
export function saidOf(rendering: Rendering, usual: Rendering): Said {
  const { masks, ...rest } = differing(rendering, usual)
  const policy = masks && differing(rendering.masks, usual.masks)
  return { ...rest, ...(policy && Object.keys(policy).length > 0 ? { masks: policy } : {}) }
}

/** What an address says of a rendering; a value of another kind than expected is not taken. */
export function readSaid(value: unknown): Said {
  const same = (given: unknown, usual: object): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(usual).flatMap(([name, known]) => {
        const found = (given as Record<string, unknown> | null | undefined)?.[name]
        const fits = typeof found === (known === null ? "string" : typeof known)
        return fits && typeof found !== "object" ? [[name, found]] : []
      }),
    )
  const masks = same((value as { masks?: unknown } | null | undefined)?.masks, USUAL.masks)
  return { ...same(value, USUAL), ...(Object.keys(masks).length > 0 ? { masks } : {}) } as Said
}

function differing<T extends object>(one: T, usual: T): Partial<T> {
  const entries = Object.entries(one) as [keyof T, T[keyof T]][]
  return Object.fromEntries(entries.filter(([name, value]) => value !== usual[name])) as Partial<T>
}

export const xrays = {
  dataset: (key: string, rendering: Rendering, rows: number) =>
    queryOptions({
      queryKey: ["xray", key, rendering, rows],
      queryFn: ({ signal }) =>
        ask(
          http.POST("/api/datasets/{key}/xray", {
            signal,
            params: { path: { key } },
            body: { rendering, rows, prove: PROVE },
          }),
        ),
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    }),
}

const PROVE = 1000
