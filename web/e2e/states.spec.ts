/** Pages when there is nothing, when the server refuses, and when it is gone. */
import { expect, type Page, test } from "@playwright/test"
import { brokenInBothThemes, settled } from "./watching"

const LISTS = [
  "/",
  "/traces",
  "/runs",
  "/datasets",
  "/curate",
  "/models",
  "/leaderboard",
  "/tuning",
  "/gates",
  "/verify",
  "/court",
  "/judges",
  "/tasks",
  "/exams",
  "/observers",
]
/** Pages that ask before they show anything. */
const ASKING = [...LISTS, "/import", "/tuning/new", "/datasets/new"]
const NOTHING: Record<string, unknown> = {
  "/api/traces/facets": { total: 0, sources: [], models: [], verdicts: [], labels: [], types: [] },
  "/api/models": [],
  "/api/tuning/jobs": [],
  "/api/regression/baselines": [],
  "/api/verify/summary": { total: { traces: 0 }, groups: [] },
}
const EMPTY_PAGE = {
  data: [],
  pagination: { limit: 1, offset: 0, next_offset: null, next_cursor: null },
  filters: {},
  unindexed: 0,
}

/** Answers every question about data; health and version stay the server's own. */
async function answer(
  page: Page,
  reply: (path: string) => { status?: number; json: unknown },
): Promise<void> {
  await page.route(/\/api\/(?!health|version)/, (route) =>
    route.fulfill(reply(new URL(route.request().url()).pathname)),
  )
}

test.describe.configure({ timeout: 180_000 }) // each looks at every page
test.beforeEach(({ page }) => page.emulateMedia({ colorScheme: "light" }))

test("every list that is empty says what to do", async ({ page }) => {
  await answer(page, (path) => ({ json: NOTHING[path] ?? EMPTY_PAGE }))
  for (const path of LISTS) {
    await page.goto(path)
    await settled(page)

    await expect(page.locator("main code").first()).toContainText("tunix-rt ")
    expect(await brokenInBothThemes(page), path).toEqual([])
  }
})

test("every page that fails says why and can be tried again", async ({ page }) => {
  const problem = { detail: "The database cannot be reached.", hint: "Look at the disk." }
  for (const path of ASKING) {
    await answer(page, () => ({ status: 503, json: problem }))
    await page.goto(path)
    const alert = page.getByRole("alert")
    await expect(alert).toContainText("The database cannot be reached.")
    await expect(alert).toContainText("Look at the disk.")
    expect(await brokenInBothThemes(page), path).toEqual([])

    await page.unroute(/\/api\/(?!health|version)/)
    await page.getByRole("button", { name: "Try again" }).click()
    await expect(alert).toHaveCount(0)
  }
})

test("a page that waits shows its shape", async ({ page }) => {
  await page.route(/\/api\/(?!health|version)/, () => {}) // never answered
  for (const path of ASKING) {
    await page.goto(path)
    await page.getByRole("status", { name: "Loading" }).waitFor()
    // A page that waits has no title yet; everything else must hold.
    const found = (await brokenInBothThemes(page)).filter((line) => !line.includes("page-has-heading-one"))
    expect(found, path).toEqual([])
  }
})

test("a server that is gone is named in the frame and on the page", async ({ page }) => {
  await page.goto("/runs")
  await settled(page)
  await page.route(/\/api\//, (route) => route.abort())

  await page.getByRole("link", { name: "Models", exact: true }).click()

  await expect(page.getByRole("alert")).toContainText("The server does not answer", { timeout: 15_000 })
})

test("of a million traces the last can be reached, and rows come as they are scrolled to", async ({
  page,
}) => {
  const total = 1_000_000
  await page.route(/\/api\/traces/, (route) => {
    const url = new URL(route.request().url())
    if (url.pathname.endsWith("facets")) return route.fulfill({ json: { ...NO_FACETS, total } })
    const offset = Number(url.searchParams.get("offset"))
    const data = Array.from({ length: 100 }, (_, row) => ({
      ...ROW,
      id: `${offset + row}`,
      prompt: `row ${offset + row}`,
    }))
    return route.fulfill({ json: { ...EMPTY_PAGE, data } })
  })
  await page.goto("/traces")
  await page.getByText("row 0", { exact: true }).waitFor()

  await page.keyboard.press("End")
  await expect(page.getByText("row 999999", { exact: true })).toBeVisible()
  await page.keyboard.press("k")
  await expect(page.locator("[aria-current=true][role=row]")).toContainText("row 999998")
  await page.keyboard.press("Home")
  await expect(page.getByText("row 0", { exact: true })).toBeVisible()
  await page.getByRole("rowgroup", { name: "Trace rows" }).evaluate((box) => {
    box.scrollTop = box.scrollHeight / 2
  })
  await expect(page.getByText(/^row 500\d\d\d$/).first()).toBeVisible()
  expect(await page.getByRole("row").count()).toBeLessThan(80)
})

const NO_FACETS = { sources: [], models: [], verdicts: [], labels: [], types: [] }
const ROW = {
  created_at: "2026-01-01T00:00:00Z",
  trace_version: "1.0",
  source: "x",
  model: null,
  final_answer: "1",
  step_count: 1,
  total_chars: 1,
  verdict: "right",
  first_error_step: null,
  task: null,
  label: null,
  score: null,
  group: null,
  deleted_at: null,
}
