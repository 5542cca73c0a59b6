/** Verifying from the web, ruling on a court's cases by key, and what a trace says of its own truth. */
import { expect, test } from "@playwright/test"
import { listen, settled, violations } from "./watching"

const WARNED = {
  trace_version: "1.0",
  prompt: "What is 5 + 6? <i>Quickly</i>",
  final_answer: "11",
  steps: [
    { i: 0, type: "compute", content: "5 + 6 = 11" },
    { i: 1, type: "verify", content: "Let me check: all good." },
  ],
  meta: { expected_answer: "11" },
}

test("a query's traces are verified, the page leads to the run, and w to what it warns of", async ({
  page,
  request,
}) => {
  const said = listen(page)
  const { id } = await (await request.post("/api/traces", { data: WARNED })).json()
  await page.goto("/verify?query=source:api")
  await settled(page)

  await page.getByRole("checkbox", { name: /judged already/ }).click()
  await page.getByRole("button", { name: "Verify" }).click()
  await expect(page).toHaveURL(/\/runs\//)
  await expect(page.locator("h1")).toContainText("Completed", { timeout: 30_000 })

  await page.goto(`/traces/${id}`)
  await settled(page)
  await page.keyboard.press("w")
  const step = page.locator("#step-1[data-current]")
  await expect(step.getByRole("list", { name: "Warnings of step 2" })).toContainText("ritual")
  expect(await violations(page)).toEqual([])
  expect(said).toEqual([])
})

test("a court is held, and its cases are ruled on with the keyboard", async ({ page }, info) => {
  const said = listen(page)
  await page.goto("/court?query=source:api&first=exact")
  await settled(page)
  await page.getByRole("button", { name: "Hold court" }).click()
  await expect(page.locator("h1")).toContainText("Completed", { timeout: 30_000 })
  await expect(page.getByText(/They say the same of/)).toBeVisible()

  await page.getByRole("button", { name: "All", exact: true }).click()
  const current = page.locator("li[data-current]")
  await expect(current).toBeVisible()
  await page.keyboard.press("2")
  await expect(current.getByRole("button", { name: /^Wrong/ })).toHaveAttribute("aria-pressed", "true")
  await expect(page.getByRole("list", { name: "Error rates" })).toContainText("1 ruling")
  await page.keyboard.press("n")
  await page.keyboard.type("<b>12</b> are not 11")
  await page.keyboard.press("Escape")
  await page.keyboard.press("1")
  await expect(current.getByRole("button", { name: /^Right/ })).toHaveAttribute("aria-pressed", "true")
  expect(await violations(page)).toEqual([])
  await page.screenshot({ path: info.outputPath("ruled.png") })

  await current.getByRole("link", { name: "Whole trace" }).click()
  await expect(page.getByRole("list", { name: "Rulings so far" })).toContainText("<b>12</b> are not 11")
  expect(said).toEqual([])
})
