/** Mounts the application. */
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { App, makeRouter } from "@/app"
import "@/ui/tokens.css"

const root = document.getElementById("root")
if (root)
  createRoot(root).render(
    <StrictMode>
      <App router={makeRouter()} />
    </StrictMode>,
  )
