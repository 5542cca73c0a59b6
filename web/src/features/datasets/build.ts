/** What is asked for when a version is frozen. */
import type { PartDraft } from "@/features/datasets/MixtureParts"
import type { NewBuild } from "@/features/datasets/queries"
import { type SplitDraft, trainShare } from "@/features/datasets/SplitFields"

export const SOURCES = ["query", "curation", "mixture"] as const
export type Source = (typeof SOURCES)[number]

interface Drafts {
  source: Source
  parts: readonly PartDraft[]
  splits: readonly SplitDraft[]
  /** Rows at most; a curation has chosen already. */
  limit: number
}

const MOST = 10_000_000

/** The request that a form and its drafts make. */
export function buildOf(form: FormData, { source, parts, splits, limit }: Drafts): NewBuild {
  const text = (name: string): string => String(form.get(name) ?? "").trim()
  const held = splits.map((one) => [one.name, Number(one.share) / 100] as const)
  return {
    dataset_name: text("name"),
    dataset_version: text("version"),
    filters: {},
    ...(source === "query" && text("query") ? { query: text("query") } : {}),
    ...(source === "curation" ? { curation: text("curation") } : {}),
    mixture:
      source === "mixture"
        ? parts.map(({ name, query, share }) => ({ name: name.trim(), query, share }))
        : [],
    limit: source === "curation" ? MOST : limit,
    selection_strategy: text("strategy") === "random" ? "random" : "latest",
    seed: Number(text("seed")),
    splits: Object.fromEntries([["train", trainShare(splits)], ...held]),
    split_by: text("split_by") as NewBuild["split_by"],
    parent_dataset_id: text("parent") || null,
    licence: text("licence") || null,
    provenance: {},
    despite: [],
  }
}
