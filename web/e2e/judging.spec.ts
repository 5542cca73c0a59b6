/** Verifying from the web, ruling on a court's cases by key, and what a trace says of its own truth. */
import { expect, test } from "@playwright/test"
import { findPlaces, type Places } from "./places"
import { listen, settled, violations } from "./watching"

let places: Places
test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext(baseURL ? { baseURL } : {})
  places = await findPlaces(request)
  await request.dispose()
})

test("the traces of a query are verified, and the page leads to the run", async ({ page }) => {
  const said = listen(page)
  await page.goto("/verify?query=source:api")
  await settled(page)

  await page.getByRole("checkbox", { name: /judged already/ }).click()
  await page.getByRole("button", { name: "Verify" }).click()

  await expect(page).toHaveURL(/\/runs\//)
  await expect(page.locator("h1")).toContainText("Completed", { timeout: 30_000 })
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
  await page.keyboard.press("2")
  const current = page.locator("li[data-current]")
  await expect(current.getByRole("button", { name: /^Wrong/ })).toHaveAttribute("aria-pressed", "true")
  await expect(page.getByRole("region", { name: "Error rates" })).toContainText("1 ruling")
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

test("a warning stands on its step, apart from the verdict, and w leads to it", async ({ page }) => {
  await page.goto(`/traces/${places.trace}`)
  await settled(page)

  await page.keyboard.press("w")
  const step = page.locator("li[data-current]")
  await expect(step.getByRole("list", { name: /^Warnings of step/ })).toBeVisible()
  await expect(page.getByText(/None of them is a verdict/)).toBeVisible()
})
