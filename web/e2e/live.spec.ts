/** A training at work: its log and its loss grow while one looks, it survives a reload, and it can be stopped. */
import { expect, test } from "@playwright/test"
import { listen, violations } from "./watching"

test("a training is watched and stopped", async ({ page, request }, info) => {
  test.setTimeout(240_000)
  const said = listen(page)
  const { data } = await (await request.get("/api/runs?limit=1&kind=train")).json()
  const started = await request.post("/api/tunix/run?mode=async", {
    data: {
      dataset_key: data[0].dataset_key,
      model_id: "nano",
      dry_run: false,
      hyperparameters: { num_epochs: 100, batch_size: 16, learning_rate: 0.001 },
    },
  })
  const { run_id } = await started.json()

  await page.goto(`/runs/${run_id}`)
  const points = page.getByText(/[\d,]+ of [\d,]+ points$/)
  await points.waitFor({ timeout: 180_000 })
  const first = await points.textContent()
  await expect(points).not.toHaveText(first ?? "", { timeout: 60_000 })
  await expect(page.getByText("Live", { exact: true })).toBeVisible()
  await page.screenshot({ path: info.outputPath("run-live.png"), fullPage: true })
  expect(await violations(page)).toEqual([])

  await page.reload()
  await expect(page.getByRole("log")).toContainText(/\S/)
  await page.getByRole("button", { name: "Stop", exact: true }).click()
  await expect(page.getByText("Its log, metrics and finished results are kept.")).toBeVisible()
  await page.getByRole("button", { name: "Stop the run" }).click()

  await expect(page.getByRole("heading", { level: 1 }).getByText(/Cancelled$/)).toBeVisible({
    timeout: 60_000,
  })
  await expect(page.getByText("Complete", { exact: true })).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole("button", { name: "Stop", exact: true })).toHaveCount(0)
  expect(said).toEqual([])
})
