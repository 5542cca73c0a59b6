// A file, not inline, because the content security policy allows no inline script.
try {
  const theme = localStorage.getItem("theme")
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme
} catch {
  // Storage is switched off: follow the system.
}
