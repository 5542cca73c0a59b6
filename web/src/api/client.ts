/** The one HTTP client. Everything typed here comes from openapi.json. */
import createClient from "openapi-fetch"
import type { paths } from "./schema.gen"

export const http = createClient<paths>({
  baseUrl: globalThis.location.origin,
  fetch: (request) => fetch(request), // looked up late, so tests can replace it
})

/** What a GET of this path answers. Named by path, because the path is the contract. */
export type Answer<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { "application/json": infer T } } } }
}
  ? T
  : never

/** A refused request, in the server's own words. */
export class ApiError extends Error {
  readonly status: number
  readonly hint: string | null

  constructor(status: number, message: string, hint: string | null) {
    super(message)
    this.name = "ApiError"
    this.status = status
    this.hint = hint
  }
}

/** The answer of a request, or an `ApiError` that can be shown as it is. */
export async function ask<T>(
  request: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await request
  if (data !== undefined) return data
  throw new ApiError(response.status, sentence(error, response), hintOf(error))
}

function sentence(error: unknown, response: Response): string {
  const detail = isRecord(error) ? error.detail : undefined
  if (typeof detail === "string") return detail
  if (Array.isArray(detail)) {
    const parts = detail.filter(isRecord).map((one) => {
      const place = Array.isArray(one.loc) ? one.loc.slice(1).join(".") : ""
      return place ? `${place}: ${String(one.msg)}` : String(one.msg)
    })
    return parts.join("; ")
  }
  return `The server answered ${response.status} ${response.statusText}`.trim()
}

function hintOf(error: unknown): string | null {
  return isRecord(error) && typeof error.hint === "string" ? error.hint : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}
