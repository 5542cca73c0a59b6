/** Builds the web into `dist`; `tunix_rt/api/web.py` copies that into the package. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import tailwindcss from "@tailwindcss/vite"
import { tanstackRouter } from "@tanstack/router-plugin/vite"
import react from "@vitejs/plugin-react"
import type { Plugin } from "vite"
import { defineConfig } from "vitest/config"

const SERVER = process.env.TUNIX_RT_SERVER ?? "http://127.0.0.1:8000"

export default defineConfig({
  plugins: [
    tanstackRouter({
      target: "react",
      autoCodeSplitting: true,
      routeFileIgnorePattern: "\\.test\\.",
      generatedRouteTree: "src/routes.gen.ts",
    }),
    react(),
    tailwindcss(),
    katexWoff2Only(),
    precompress(),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // Inlined fonts and images would need `data:` in the content security policy.
  build: { target: "es2022", manifest: true, assetsInlineLimit: 0 },
  // The server compares Origin with Host, so the proxy must keep both.
  server: { proxy: { "/api": { target: SERVER, changeOrigin: false } } },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing.tsx"],
    testTimeout: 30_000,
  },
})

/** Writes a .gz beside every text asset, so the server spends no time on compressing. */
function precompress(): Plugin {
  let folder = "dist"
  const walk = (path: string): void => {
    for (const name of readdirSync(path)) {
      const file = join(path, name)
      if (statSync(file).isDirectory()) walk(file)
      else if (/\.(js|css|html|svg)$/.test(name))
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }))
    }
  }
  return {
    name: "precompress",
    apply: "build",
    configResolved: (config) => {
      folder = config.build.outDir
    },
    closeBundle: () => walk(folder),
  }
}

/** KaTeX lists woff2, woff and ttf; every browser we support reads woff2. */
function katexWoff2Only(): Plugin {
  const others = /,url\([^)]*\.(?:woff|ttf)\) format\("[^"]*"\)/g
  return {
    name: "katex-woff2-only",
    enforce: "pre",
    transform: (code, id) => (id.includes("katex.min.css") ? code.replace(others, "") : null),
  }
}
