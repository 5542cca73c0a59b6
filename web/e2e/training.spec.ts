/** A training is asked for in a form, runs, and is begun with again; models come in and go out. */
import { expect, test } from "@playwright/test"
import { brokenInBothThemes, listen, settled, violations } from "./watching"

test("a training is written in a form, done by the server, and its recipe used again", async ({
  page,
  request,
}, info) => {
  test.setTimeout(240_000)
  const said = listen(page)
  const { data } = await (await request.get("/api/runs?limit=1&kind=train&status=completed")).json()
  const dataset: string = data[0].dataset_key
  await page.goto(`/datasets/${dataset}`)
  await page.getByRole("link", { name: "Train on this" }).click()
  await settled(page)

  const form = page.getByRole("form", { name: "New training" })
  await expect(form.getByRole("combobox", { name: "Dataset" })).toHaveValue(dataset)
  await form.getByRole("combobox", { name: "Begin with" }).selectOption({ label: "demo" })
  await form.getByLabel("name", { exact: true }).fill("from-the-form")
  await form.getByLabel("How many").fill("3")
  await form.getByLabel(/^batch_size/).fill("")
  await expect(page.getByRole("alert")).toContainText("batch_size is not a number.")
  await form.getByLabel(/^batch_size/).fill("4")
  const text = form.getByLabel(/^All of the recipe/)
  const recipe = JSON.parse(await text.inputValue())
  expect([recipe.name, recipe.steps, recipe.batch_size]).toEqual(["from-the-form", 3, 4])
  await text.fill(JSON.stringify({ ...recipe, stepz: 5 }))
  await form.getByRole("button", { name: "Train" }).click()
  await expect(page.getByRole("alert")).toContainText("A recipe has no key 'stepz'. Did you mean 'steps'?")
  expect(await violations(page)).toEqual([])
  await page.screenshot({ path: info.outputPath("refused.png"), fullPage: true })
  await text.fill(JSON.stringify({ ...recipe, seed: 11 }))
  await expect(form.getByLabel("seed", { exact: true })).toHaveValue("11")
  await form.getByRole("button", { name: "Train" }).click()

  await expect(page.locator("h1")).toContainText("from-the-form")
  await expect(page.locator("h1")).toContainText("Completed", { timeout: 180_000 })
  await page.getByRole("link", { name: "Train again" }).click()
  await expect(form.getByLabel("seed", { exact: true })).toHaveValue("11")

  await form.getByRole("combobox", { name: "model", exact: true }).selectOption("folder")
  await form.getByLabel("model.path").fill("registry:nobody")
  await form.getByRole("button", { name: "Dry run" }).click()
  await expect(page.getByRole("alert")).toContainText("No model is called 'nobody'.")
  const known = await form.locator("datalist option").first().getAttribute("value")
  expect(known).toMatch(/^registry:.+@/)
  await form.getByLabel("model.path").fill(known ?? "")
  expect(await violations(page)).toEqual([])
  await page.screenshot({ path: info.outputPath("registered.png"), fullPage: true })
  await form.getByRole("button", { name: "Dry run" }).click()
  await expect(page.locator("h1")).toContainText("Completed", { timeout: 120_000 })
  await expect(page.getByText("goes on with the same loss").first()).toBeVisible()
  await expect(page.getByText(/^All of it would take about/)).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.screenshot({ path: info.outputPath("dry.png"), fullPage: true })
  expect(said.filter((line) => !/422|404/.test(line))).toEqual([])
})

test("a folder outside is refused where it was asked for, and a version is written in a run", async ({
  page,
}) => {
  test.setTimeout(120_000)
  await page.goto("/models")
  await settled(page)
  await page.getByRole("radio", { name: "Only check it" }).check()
  await page.getByLabel(/^Folder of the server/).fill("/etc")
  await page.getByRole("button", { name: "Check", exact: true }).click()
  await expect(page.getByRole("alert")).toContainText("lies outside the folders")
  expect(await violations(page)).toEqual([])

  await page.getByRole("region", { name: "Models", exact: true }).getByRole("link").first().click()
  await page
    .getByText(/^Export /)
    .first()
    .click()
  expect(await violations(page)).toEqual([])
  await page.getByRole("button", { name: "Write it" }).first().click()
  await expect(page.locator("h1")).toContainText("Completed", { timeout: 60_000 })
  await expect(page.getByRole("region", { name: "Result of the run" })).toContainText("safetensors")
})

test("a run's numbers are exported, and the file is taken from the run that wrote it", async ({
  page,
  request,
}, info) => {
  test.setTimeout(120_000)
  const said = listen(page)
  const { data } = await (await request.get("/api/runs?limit=50&kind=train&status=completed")).json()
  const measured = data.find((run: { last_metrics: object }) => "loss" in run.last_metrics)
  await page.goto(`/runs/${measured.id}`)
  await settled(page)

  await page.getByRole("button", { name: "Export" }).press("Enter")
  const choices = page.getByRole("group", { name: "Export to" })
  await expect(choices.getByRole("button", { name: "TensorBoard" })).toBeVisible()
  expect(await brokenInBothThemes(page)).toEqual([])
  await page.screenshot({ path: info.outputPath("export.png") })
  await page.keyboard.press("Tab")
  await page.keyboard.press("Enter")

  await expect(page.locator("h1")).toContainText("to TensorBoard")
  await expect(page.locator("h1")).toContainText("Completed", { timeout: 90_000 })
  const files = page.getByRole("list", { name: "Files" })
  const [file] = await Promise.all([page.waitForEvent("download"), files.getByRole("link").click()])
  expect(file.suggestedFilename()).toContain("events.out.tfevents.")
  expect(await brokenInBothThemes(page)).toEqual([])
  expect(said).toEqual([])
})
