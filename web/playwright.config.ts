/** Browser tests against a running server: TUNIX_RT_URL says which, CHROMIUM which browser. */
import { existsSync } from "node:fs"
import { defineConfig } from "@playwright/test"

// Debian's Chromium where there is one, else the Chrome that is installed; none is ever downloaded.
const DEBIAN = "/usr/bin/chromium"
const chromium = process.env.CHROMIUM ?? (existsSync(DEBIAN) ? DEBIAN : undefined)

export default defineConfig({
  testDir: "e2e",
  timeout: 60_000,
  workers: 1,
  reporter: "line",
  use: {
    baseURL: process.env.TUNIX_RT_URL ?? "http://127.0.0.1:8000",
    ...(chromium ? {} : { channel: "chrome" }),
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
})
