/** The tabs of the views, for mouse and keyboard. */
import type { ViewProps } from '../viewProps.ts'
import { views } from '../views.ts'

export function Tabs({ session }: ViewProps) {
  const { view } = session
  // On narrow screens, the editor is a tab too; beside it, it is always shown.
  const tabs = [{ id: 'edit', label: 'Edit' }, ...views]
  const move = (event: KeyboardEvent) => {
    const visible = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLButtonElement>('[role=tab]')].filter(
      (tab) => tab.offsetParent !== null,
    )
    const index = visible.findIndex((tab) => tab.getAttribute('aria-selected') === 'true')
    const places: Readonly<Record<string, number>> = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: -1 }
    const place = places[event.key]
    if (place === undefined) return
    event.preventDefault()
    const next = visible.at(place % visible.length)
    next?.click()
    next?.focus()
  }
  return (
    <div class="tabs" role="tablist" aria-label="Views" onKeyDown={move}>
      {tabs.map(({ id, label }) => {
        const isSelected = view.value === id
        return (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            class={`tab tab-${id}`}
            aria-selected={isSelected}
            aria-controls={`view-${id}`}
            tabIndex={isSelected ? 0 : -1}
            onClick={() => (view.value = id)}
          >
            {label}
          </button>
        )
      })}
    </div>
  )
}
