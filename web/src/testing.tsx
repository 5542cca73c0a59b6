/** What jsdom lacks, and how a test opens a page over answers instead of a server. */
import { createMemoryHistory } from "@tanstack/react-router"
import { cleanup, configure, render } from "@testing-library/react"
import { afterEach } from "vitest"
import { App, makeRouter } from "@/app"

class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

/** A stream on which nothing comes. */
class Silent extends EventTarget {
  close(): void {}
}

globalThis.EventSource = Silent as unknown as typeof EventSource
globalThis.ResizeObserver = NoObserver as unknown as typeof ResizeObserver
window.matchMedia = ((media: string) => ({
  media,
  matches: false,
  addEventListener: () => {},
  removeEventListener: () => {},
})) as unknown as typeof window.matchMedia
window.scrollTo = () => {}
Element.prototype.scrollIntoView = () => {}

// On a busy machine the first page of a file takes seconds: its modules are read.
configure({ asyncUtilTimeout: 10_000 })
afterEach(cleanup)

/** What the server answers by path; a `Response` is given as it is, all else as JSON. */
export type Answers = Record<string, (query: URLSearchParams, sent: unknown) => unknown>

const ALWAYS: Answers = {
  "/api/health": () => ({ status: "healthy" }),
  "/api/version": () => ({ version: "0.0.0" }),
}

/** Opens an address of the application; the answer is the list of what it asked for. */
export function openPage(address: string, answers: Answers): string[] {
  const asked: string[] = []
  globalThis.fetch = (async (request: Request) => {
    const url = new URL(request.url)
    asked.push(url.pathname + url.search)
    const answer = { ...ALWAYS, ...answers }[url.pathname]
    if (!answer) return Response.json({ detail: `Nothing at ${url.pathname}` }, { status: 404 })
    const sent = request.body ? await request.clone().json() : undefined
    const body = answer(url.searchParams, sent)
    return body instanceof Response ? body : Response.json(body)
  }) as typeof fetch
  render(<App router={makeRouter(createMemoryHistory({ initialEntries: [address] }))} />)
  return asked
}
