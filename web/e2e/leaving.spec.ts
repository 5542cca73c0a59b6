/** An import that is not done is not left by accident, and goes no further when it is left. */
import { expect, test } from "@playwright/test"
import { settled } from "./watching"

const LINE = JSON.stringify({
  trace_version: "1.0",
  prompt: "What is 1 and 1?",
  final_answer: "2",
  steps: [{ i: 0, type: "compute", content: "1 + 1 = 2" }],
})

test("who leaves while lines are sent is asked first", async ({ page }) => {
  await page.route(/\/api\/traces\/stream/, () => {}) // never answered
  await page.goto("/import")
  await settled(page)
  await page.getByRole("textbox", { name: "or paste lines" }).fill(LINE)
  await page.getByRole("button", { name: "Import" }).click()
  await expect(page.getByRole("progressbar", { name: "Sent" })).toBeVisible()

  page.once("dialog", (dialog) => void dialog.dismiss())
  await page.getByRole("link", { name: /^Runs/ }).click()
  await expect(page.getByRole("progressbar", { name: "Sent" })).toBeVisible()
  await expect(page).toHaveURL(/\/import$/)

  const stopped = page.waitForEvent("requestfailed", (request) => request.url().includes("/stream"))
  page.once("dialog", (dialog) => void dialog.accept())
  await page.getByRole("link", { name: /^Runs/ }).click()
  await expect(page).toHaveURL(/\/runs$/)
  await stopped
})

test("an import that is stopped says what was stored, and can begin again", async ({ page }) => {
  await page.route(/\/api\/traces\/stream/, () => {})
  await page.goto("/import")
  await settled(page)
  await page.getByRole("textbox", { name: "or paste lines" }).fill(LINE)
  await page.getByRole("button", { name: "Import" }).click()
  await page.getByRole("button", { name: "Stop" }).click()

  await expect(
    page.getByText("0 traces added, 0 known already, 0 lines refused. What was stored stays."),
  ).toBeVisible()
  await expect(page.getByRole("button", { name: "Import" })).toBeEnabled()
})
