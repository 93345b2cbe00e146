/** The theme: that of the system unless another one was chosen, which the browser remembers. */
import { signal } from '@preact/signals'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const key = 'shapewright-theme'

export const theme = signal<Theme>(storedTheme())

export function setTheme(chosen: Theme): void {
  theme.value = chosen
  applyTheme()
  try {
    localStorage.setItem(key, chosen)
  } catch {
    // A browser that stores nothing keeps the theme until the page is closed.
  }
}

export function applyTheme(): void {
  if (theme.value === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme.value
}

function storedTheme(): Theme {
  try {
    return themes.find((one) => one === localStorage.getItem(key)) ?? 'system'
  } catch {
    return 'system'
  }
}
