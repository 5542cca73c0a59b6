/** Traces are chosen by a pipeline, frozen, proven, seen as they will be trained, and downloaded. */
import { expect, test } from "@playwright/test"
import { findPlaces } from "./places"
import { listen, settled, violations } from "./watching"

test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext(baseURL ? { baseURL } : {})
  await findPlaces(request)
  await request.dispose()
})

test("a pipeline is tried, run, frozen as a dataset, and the dataset is proven", async ({ page }, info) => {
  test.setTimeout(240_000)
  const said = listen(page)
  await page.goto("/curate?query=verdict:right")
  await settled(page)

  await page.getByRole("combobox", { name: "Stage to add" }).selectOption("near-dedup")
  await page.getByRole("button", { name: "Add", exact: true }).click()
  await page.getByText("Options of near-dedup").click()
  await page.getByLabel(/^masked/).fill("0.9")
  await page.getByRole("button", { name: "Move stage 3, near-dedup up" }).click()
  await page.getByLabel("Name", { exact: true }).fill("tried")
  expect(await violations(page)).toEqual([])
  await page.getByRole("button", { name: "Try it" }).click()

  await expect(page.locator("h1")).toContainText("Completed", { timeout: 60_000 })
  await expect(page.getByRole("link", { name: "Freeze this" })).toHaveCount(0)
  const funnel = page.getByRole("list", { name: "Funnel" })
  await expect(funnel).toContainText("near-dedup")
  await funnel.getByRole("button", { name: /near duplicate/ }).click()
  await expect(page).toHaveURL(/reason=near/)
  await expect(page.getByRole("list", { name: "Decisions" }).getByText("kept instead:").first()).toBeVisible()

  await page.getByRole("link", { name: "Use this pipeline again" }).click()
  await page.getByRole("checkbox", { name: /Dry run/ }).uncheck()
  await page.getByRole("button", { name: "Run it" }).click()
  await expect(page.locator("h1")).toContainText("Completed", { timeout: 60_000 })
  await page.getByRole("link", { name: "Freeze this" }).click()

  const version = String(Date.now())
  await settled(page)
  await page.getByLabel("Name", { exact: true }).fill("curated")
  await page.getByLabel("Version", { exact: true }).fill(version)
  await page.getByRole("checkbox", { name: /Prove how it will be rendered/ }).check()
  await page.getByLabel("Tokens of a row that fit").fill("4096")
  await page.getByLabel("Size of a tokenizer that is built").fill("1024")
  await page.screenshot({ path: info.outputPath("wizard.png"), fullPage: true })
  expect(await violations(page)).toEqual([])
  await page.getByRole("button", { name: "Freeze", exact: true }).click()
  await page.getByRole("link", { name: `curated-${version}`, exact: true }).click({ timeout: 90_000 })

  await expect(page.getByRole("heading", { name: /Proven when it was frozen/ })).toBeVisible()
  await expect(page.getByRole("list", { name: "Funnel" })).toContainText("near-dedup")
  await page.getByRole("button", { name: "Verify now" }).click()
  await expect(page.getByText(/It is what it was/)).toBeVisible({ timeout: 60_000 })
  await page.screenshot({ path: info.outputPath("proven.png"), fullPage: true })

  await page.getByRole("link", { name: "X-ray" }).click()
  await expect(page.getByRole("list", { name: "Proofs" })).toContainText("Pass", { timeout: 30_000 })
  await expect(page.locator(".taught-full").first()).toBeVisible()
  await page.getByLabel("The steps are").selectOption("context")
  await page.getByRole("button", { name: "Look" }).click()
  await expect(page).toHaveURL(/context/)
  await expect(page.getByRole("list", { name: "Rows" })).toContainText("not learned")
  expect(await violations(page)).toEqual([])
  expect(said).toEqual([])
})

test("what is downloaded is what the format says, and a trace says who kept it", async ({ page }) => {
  await page.goto("/datasets/right-1?tab=download")
  await page.getByRole("combobox", { name: "Of which split" }).selectOption("test")
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "trl", exact: true }).click(),
  ])
  expect(file.suggestedFilename()).toBe("right-1-trl-test.jsonl")
  expect(await file.failure()).toBeNull()

  await page.goto("/datasets/right-1?tab=rows")
  await page.getByRole("list", { name: "Traces" }).getByRole("link").first().click()
  await expect(
    page
      .getByRole("list", { name: "Curations" })
      .getByText(/kept|by/)
      .first(),
  ).toBeVisible()
})

test("a mixture says how many rows come of its shares before it is frozen", async ({ page }) => {
  await page.goto("/datasets/new?source=mixture")
  const parts = page.getByRole("list", { name: "Parts" })
  await parts
    .getByLabel(/Its traces/)
    .first()
    .fill("verdict:right")
  await parts
    .getByLabel(/Its traces/)
    .last()
    .fill("verdict:wrong nothing:here")
  await page.keyboard.press("Tab")
  await expect(parts.getByText(/nothing/).first()).toBeVisible()
  await parts
    .getByLabel(/Its traces/)
    .last()
    .fill("verdict:wrong")
  await page.keyboard.press("Tab")
  await expect(page.getByText(/At most [\d,]+ rows together/)).toBeVisible()
  await parts.getByRole("slider").first().press("End")
  await expect(parts.getByText("Share 66.7%")).toBeVisible()
})
