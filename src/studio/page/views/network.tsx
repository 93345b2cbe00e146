/** The network of the open spec as a graph, which is drawn again as the spec changes. A click on a card goes to its line, and the line of the cursor marks its card. */
import { useComputed, useSignal, useSignalEffect, type Signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Drawing, questionOf, type Drawn } from '../network/drawing.tsx'
import { graphModelOf, openAtFirst, type Card } from '../network/graphModel.ts'
import { Layouter } from '../worker/layouter.ts'
import type { ViewProps } from '../viewProps.ts'

/** The factor of the drawing, or `fit` for the one with which it fills the width. */
type Zoom = number | 'fit'

export function NetworkView({ session }: ViewProps) {
  const drawn = useSignal<Drawn | undefined>(undefined)
  const zoom = useSignal<Zoom>('fit')
  const paneWidth = useSignal(0)
  /** The groups that the user has opened or folded, by file and key. */
  const choices = useSignal<ReadonlyMap<string, boolean>>(new Map())
  const pane = useRef<HTMLDivElement>(null)
  const layouter = useRef<Layouter>(undefined)

  useEffect(() => {
    const observer = new ResizeObserver(() => (paneWidth.value = pane.current?.clientWidth ?? 0))
    observer.observe(pane.current!)
    return () => {
      observer.disconnect()
      layouter.current?.stop()
    }
  }, [paneWidth])
  const placeOf = (key: string) => `${session.file.value} ${key}`
  const setOpen = (keys: readonly string[], isOpen: boolean) => {
    choices.value = new Map([...choices.value, ...keys.map((key) => [placeOf(key), isOpen] as const)])
  }
  const model = useComputed(() => {
    const network = session.network.value
    if (network === undefined) return undefined
    const open = openAtFirst(network)
    return graphModelOf(network, (key) => choices.value.get(placeOf(key)) ?? open.has(key))
  })
  useSignalEffect(() => {
    const next = model.value
    if (next === undefined) return
    const question = questionOf(next)
    layouter.current ??= new Layouter()
    layouter.current.ask(question, (layout) => (drawn.value = { model: next, question, layout }))
  })
  useSignalEffect(() => {
    const name = session.selected.value
    if (drawn.value !== undefined && name !== undefined) scrollToCard(pane.current)
  })

  const shown = drawn.value
  const fit = shown === undefined ? 1 : Math.max(0.3, Math.min(1, (paneWidth.value - 2) / shown.layout.width))
  const scale = zoom.value === 'fit' ? fit : zoom.value
  const choose = (card: Card) => {
    if (card.kind !== 'group') session.goTo(card.layers[0]!)
    else setOpen([card.id.slice('group '.length)], true)
  }
  return (
    <div class="network">
      <Toolbar
        zoom={zoom}
        scale={scale}
        groups={session.network.value?.groups.map(({ key }) => key) ?? []}
        setOpen={setOpen}
      />
      <div class="canvas" ref={pane} data-old={session.isNetworkOld.value}>
        {shown === undefined ? (
          <p class="empty">{emptyText(session)}</p>
        ) : (
          <Drawing
            drawn={shown}
            scale={scale}
            selected={session.selected.value}
            onChoose={choose}
            onFold={(key) => setOpen([key], false)}
          />
        )}
      </div>
    </div>
  )
}

function emptyText({ shapes }: ViewProps['session']): string {
  return shapes.value === undefined ? 'Loading …' : 'The spec has no layers yet.'
}

interface ToolbarProps {
  readonly zoom: Signal<Zoom>
  /** The factor that `zoom` leads to. */
  readonly scale: number
  readonly groups: readonly string[]
  readonly setOpen: (keys: readonly string[], isOpen: boolean) => void
}

function Toolbar({ zoom, scale, groups, setOpen }: ToolbarProps) {
  return (
    <div class="toolbar" role="toolbar" aria-label="Drawing">
      <button type="button" aria-label="Zoom out" onClick={() => (zoom.value = Math.max(0.2, scale / 1.25))}>
        −
      </button>
      <button type="button" aria-label="Fit the width" onClick={() => (zoom.value = 'fit')}>
        {Math.round(scale * 100)} %
      </button>
      <button type="button" aria-label="Zoom in" onClick={() => (zoom.value = Math.min(3, scale * 1.25))}>
        +
      </button>
      {groups.length > 0 && (
        <>
          <button type="button" onClick={() => setOpen(groups, false)}>
            Fold all
          </button>
          <button type="button" onClick={() => setOpen(groups, true)}>
            Unfold all
          </button>
        </>
      )}
      <Legend />
    </div>
  )
}

function Legend() {
  return (
    <p class="legend">
      <span>
        <i class="legend-bar" /> parameters
      </span>
      <span>
        <i class="legend-cost" /> operations
      </span>
      <span>
        <i class="legend-edge" /> values per sample
      </span>
    </p>
  )
}

/** Shows the selected card, after it is drawn. */
function scrollToCard(pane: HTMLElement | null): void {
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
  requestAnimationFrame(() => {
    pane
      ?.querySelector('[data-selected=true]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: isCalm ? 'auto' : 'smooth' })
  })
}
