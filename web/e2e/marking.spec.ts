/** What people say of traces, by key and by mouse; and taking traces away, back, and for ever. */
import { expect, type Page, test } from "@playwright/test"
import { findPlaces, type Places } from "./places"
import { listen, settled, violations } from "./watching"

let places: Places
test.beforeEach(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext(baseURL ? { baseURL } : {})
  places = await findPlaces(request)
  await request.dispose()
})

const picked = (page: Page) => page.getByRole("region", { name: "Picked traces" })

test("traces are labelled, deleted, and undone", async ({ page }, info) => {
  const said = listen(page)
  await page.goto("/traces?query=source:api")
  await settled(page)
  const before = await page.locator("h1 [role=status]").textContent()

  await page.keyboard.press("x")
  await page.keyboard.press("j")
  await page.keyboard.press("X")
  await expect(picked(page)).toContainText("2 picked")
  await picked(page).getByRole("button", { name: "Good" }).click()
  await expect(page.locator("[role=row]:has(:checked)", { hasText: "Good" })).toHaveCount(2)
  expect(await violations(page)).toEqual([])

  await picked(page).getByRole("button", { name: "Delete" }).click()
  await expect(page.getByText("2 traces deleted.")).toBeVisible()
  await expect(page.locator("h1 [role=status]")).not.toHaveText(before ?? "")
  await page.screenshot({ path: info.outputPath("undo.png") })
  expect(await violations(page)).toEqual([])
  await page.keyboard.press("u")
  await expect(page.getByText("2 traces deleted.")).toHaveCount(0)
  await expect(page.locator("h1 [role=status]")).toHaveText(before ?? "")
  expect(said).toEqual([])
})

test("a step is labelled and noted with the keyboard, and a reload keeps it", async ({ page }) => {
  await page.goto(`/traces/${places.trace}`)
  await settled(page)

  await page.keyboard.press("j")
  await page.keyboard.press("3")
  const step = page.locator("#step-0")
  await expect(step.getByRole("button", { name: /^Bad/ })).toHaveAttribute("aria-pressed", "true")
  await page.keyboard.press("n")
  await page.keyboard.type("<b>Not</b> a plan")
  await page.keyboard.press("Control+Enter")
  await expect(step).toContainText("<b>Not</b> a plan")
  expect(await violations(page)).toEqual([])

  await page.reload()
  await expect(step).toContainText("<b>Not</b> a plan")
  await expect(step.getByRole("button", { name: /^Bad/ })).toHaveAttribute("aria-pressed", "true")
  await page.keyboard.press("3")
  await expect(step.getByRole("button", { name: /^Bad/ })).toHaveAttribute("aria-pressed", "false")
  await page.getByText(/said before/).click()
  await expect(page.getByRole("list", { name: "Said before" })).toContainText("Bad")
})

test("a tag, a score and an author stand beside the trace", async ({ page }) => {
  await page.goto(`/traces/${places.trace}`)
  await settled(page)

  await page.getByRole("textbox", { name: "You are" }).fill("Ada")
  await page.getByRole("textbox", { name: "New tag" }).fill("to look at")
  await page.getByRole("button", { name: "Add tag" }).click()
  await page.getByRole("textbox", { name: "New score" }).fill("0.25")
  await page.getByRole("button", { name: "Set score" }).click()

  const said = page.getByRole("list", { name: "Said of the trace" })
  await expect(said).toContainText("to look at")
  await expect(said).toContainText("0.25")
  await expect(said).toContainText("Ada")
  await page.goto('/traces?query=tag:"to look at" score:>0.2')
  await expect(page.locator(`[role=row] a[href*="${places.trace}"]`)).toBeVisible()
})

test("a deleted trace says so, comes back, and goes for ever only when it is typed", async ({ page }) => {
  const said = listen(page)
  await page.goto(`/traces/${places.trace}`)
  await settled(page)
  await page.getByRole("button", { name: "Delete" }).click()
  await expect(page.getByText(/This trace was deleted on/)).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.getByRole("button", { name: /Restore/ }).click()
  await expect(page.getByText(/This trace was deleted on/)).toHaveCount(0)
  await page.getByRole("button", { name: "Delete" }).click()
  await expect(page.getByText(/This trace was deleted on/)).toBeVisible()

  await page.goto("/traces?query=is:deleted")
  await page
    .locator("[role=row]", { has: page.locator(`a[href*="${places.trace}"]`) })
    .getByRole("checkbox")
    .click()
  await picked(page).getByRole("button", { name: "Purge…" }).click()
  const dialog = page.getByRole("dialog", { name: "Purge traces" })
  const sure = dialog.getByRole("button", { name: "Purge for ever" })
  await expect(sure).toBeDisabled()
  await dialog.getByRole("textbox").fill("purge")
  expect(await violations(page)).toEqual([])
  await sure.click()
  await expect(dialog).toContainText(/1 trace is gone; .* freed/)
  await dialog.getByRole("button", { name: "Done" }).click()
  await expect(page.locator(`a[href*="${places.trace}"]`)).toHaveCount(0)
  expect(said).toEqual([])
})
