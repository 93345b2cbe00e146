/** The header: the open spec, saving or sharing, and the theme. */
import { CopyButton } from '../copyButton.tsx'
import { themes, theme, setTheme, type Theme } from '../theme.ts'
import type { ViewProps } from '../viewProps.ts'

export function Header({ session }: ViewProps) {
  const { specs, file, backend, isDirty } = session
  const canSave = backend.writeSpec !== undefined
  const paths = specs.value.map(({ path }) => path)
  const listed = paths.includes(file.value) ? paths : [file.value, ...paths]
  return (
    <header class="header">
      <h1 class="brand">
        <Mark />
        <span>Shapewright</span>
      </h1>
      <label class="field">
        <span class="visually-hidden">{canSave ? 'Spec' : 'Example'}</span>
        <select value={file.value} onChange={(event) => void openChosen(session, event.currentTarget)}>
          {listed.map((path) => (
            <option key={path} value={path}>
              {path}
            </option>
          ))}
        </select>
      </label>
      {canSave ? (
        <button type="button" disabled={!isDirty.value} onClick={() => void session.save()} title="Save (Ctrl+S)">
          {isDirty.value ? 'Save' : 'Saved'}
        </button>
      ) : (
        <CopyButton label="Copy link" refused="Copy the address above" textOf={() => location.href} />
      )}
      <span class="gap" />
      <label class="field theme">
        <span class="visually-hidden">Theme</span>
        <select value={theme.value} onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
          {themes.map((one) => (
            <option key={one} value={one}>
              {labels[one]}
            </option>
          ))}
        </select>
      </label>
    </header>
  )
}

const labels: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' }

async function openChosen(session: ViewProps['session'], list: HTMLSelectElement): Promise<void> {
  if (!(await session.openInstead(list.value))) list.value = session.file.value
}

/** Two nested windows on a grid. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <rect x="1" y="1" width="18" height="18" rx="4" class="mark-frame" />
      <rect x="4" y="4" width="7" height="7" rx="1.5" class="mark-window" />
      <rect x="13" y="13" width="3" height="3" rx="0.8" class="mark-output" />
    </svg>
  )
}
