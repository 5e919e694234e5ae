/** Light, dark, or as the system has it. Kept in the browser; public/first.js sets it before the first paint. */

export type Theme = 'system' | 'light' | 'dark'

export function chosenTheme(): Theme {
  const theme = document.documentElement.dataset.theme
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  try {
    if (theme === 'system') localStorage.removeItem('theme')
    else localStorage.setItem('theme', theme)
  } catch {
    // Storage may be closed to this page; the choice then lasts until it is left.
  }
}
