import type { Version } from "@/features/datasets/queries"
import { Short } from "@/ui/Facts"
import { type Column, Table } from "@/ui/Table"
import { bytes, count } from "@/ui/words"

type Shard = Version["shards"][number]

const COLUMNS: readonly Column<Shard>[] = [
  { name: "File", cell: (shard) => <span className="font-mono text-sm">{shard.name}</span> },
  { name: "Split", cell: (shard) => shard.split, wide: true },
  { name: "Rows", cell: (shard) => count(shard.rows), right: true },
  { name: "Size", cell: (shard) => bytes(shard.size_bytes), right: true },
  { name: "sha256", cell: (shard) => <Short>{shard.sha256}</Short>, wide: true },
  { name: "Of the content", cell: (shard) => <Short>{shard.content_sha256}</Short>, wide: true },
]

/** The files of a version, each with its hash. */
export function Shards({ shards }: { shards: readonly Shard[] }) {
  return <Table label="Files" rows={shards} columns={COLUMNS} keyOf={(shard) => shard.name} />
}
