/** The filter that leaves every trace in; where a query stands beside it, the query chooses. */
import type { components } from "@/api/schema.gen"

export const EVERY: components["schemas"]["TraceFilter-Input"] = { deleted: false, meta: [] }
