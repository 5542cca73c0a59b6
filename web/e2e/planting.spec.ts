/** Tasks become a suite, and a checker sits an exam of planted errors. */
import { expect, test } from "@playwright/test"
import { findPlaces } from "./places"
import { settled, violations } from "./watching"

test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext(baseURL ? { baseURL } : {})
  await findPlaces(request)
  await request.dispose()
})

test("what is chosen of a generator is shown, and frozen as a suite", async ({ page }) => {
  const name = `duels-${Date.now()}`
  await page.goto("/tasks/cards?split=test")
  await page.getByRole("button", { name: "None" }).click()
  await page.getByRole("checkbox", { name: "duel_win" }).check()
  await expect(page).toHaveURL(/duel_win/)
  await page.getByLabel("How many").fill("5")
  await page.getByLabel(/Name of the suite/).fill(name)

  await page.getByRole("button", { name: "Freeze as suite" }).click()
  await page.getByRole("link", { name: `Show the suite ${name}` }).click({ timeout: 50_000 })

  await expect(page.getByText("5 of 5")).toBeVisible()
})

test("an exam is sat, and shows what was planted where", async ({ page }) => {
  await page.goto("/exams/planted")
  await page.getByRole("button", { name: "Let the step verifier sit it" }).click()
  await expect(page.getByText(/ProcessBench.s F1/).first()).toBeVisible({ timeout: 50_000 })

  const items = page.getByRole("list", { name: "Items" })
  await items.locator("summary").first().press("Enter")

  await expect(items.getByText(/planted here|dropped/).first()).toBeVisible()
  await settled(page)
  expect(await violations(page)).toEqual([])
})
