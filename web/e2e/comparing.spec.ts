/** Two traces side by side, runs against baselines, and tuning jobs. */
import { expect, test } from "@playwright/test"
import { findPlaces, type Places } from "./places"
import { listen, settled, violations } from "./watching"

let places: Places
test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext(baseURL ? { baseURL } : {})
  places = await findPlaces(request)
  await request.dispose()
})

test("two picked traces are compared: what belongs together is beside it, the first difference marked", async ({
  page,
}) => {
  const said = listen(page)
  await page.goto("/traces?query=source:api")
  await settled(page)
  await page.keyboard.press("x")
  await page.keyboard.press("j")
  await page.keyboard.press("x")
  await page.getByRole("link", { name: "Compare" }).click()

  await expect(page).toHaveURL(/\/traces\/compare\?a=.*&b=/)
  const rows = page.getByRole("list", { name: "Steps side by side" }).getByRole("listitem")
  await expect(page.getByText(/They part at row 2, after 1 equal step/)).toBeVisible()
  await expect(rows.nth(1)).toContainText("First difference")
  await expect(rows.nth(1)).toContainText("no such step")
  await expect(rows.nth(2).locator("mark").first()).toBeVisible()
  expect(await violations(page)).toEqual([])

  await page.keyboard.press("n")
  await expect(rows.nth(1).locator("[data-current]")).toBeVisible()
  await page.getByRole("button", { name: "Only differences" }).click()
  await expect(rows).toHaveCount(2)
  await page.reload()
  await expect(rows).toHaveCount(2)
  expect(await page.locator("main img, main script").count()).toBe(0)
  expect(said).toEqual([])
})

test("a run passes against what it reached itself, and the address keeps the check", async ({ page }) => {
  const said = listen(page)
  await page.goto("/gates")
  await settled(page)

  await page.getByRole("combobox", { name: "Run", exact: true }).selectOption(places.measured)
  await page.getByRole("combobox", { name: "against" }).selectOption(places.baseline)

  await expect(page.getByText(/went from .* the same; higher is better/)).toBeVisible()
  await expect(page).toHaveURL(/baseline=.*run=|run=.*baseline=/)
  await expect(page.getByRole("region", { name: "Baselines" })).toContainText(places.baseline)
  expect(await violations(page)).toEqual([])
  expect(said).toEqual([])
})

test("a tuning job is written in a form, listed, and cancelled", async ({ page }) => {
  const said = listen(page)
  await page.goto("/tuning")
  await settled(page)
  await expect(page.getByRole("region", { name: "Tuning jobs" })).toContainText("which learning rate")

  await page.getByRole("link", { name: "New tuning job" }).click()
  await page.getByRole("textbox", { name: "Name" }).first().fill("from the form")
  await page.getByRole("button", { name: "Add a line" }).click()
  await page.getByRole("button", { name: "Create the job" }).click()
  await expect(page.getByRole("alert")).toContainText("A line has no name.")
  const line = page.getByRole("group", { name: "Line 2" })
  await line.getByRole("combobox", { name: "Name" }).fill("batch_size")
  await line.getByRole("combobox", { name: "Kind" }).selectOption("choice")
  await line.getByRole("textbox", { name: "Values" }).fill("8, 16")
  await page.getByRole("button", { name: "Create the job" }).click()

  await expect(page).toHaveURL(/\/tuning\/[0-9a-f-]{36}$/)
  await expect(page.getByText("one of 8, 16")).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.getByRole("button", { name: "Cancel" }).click()
  await page.getByRole("button", { name: "Cancel the job" }).click()
  await expect(page.locator("h1")).toContainText("Cancelled")
  expect(said).toEqual([])
})
