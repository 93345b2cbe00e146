/** The frame of the page: header, editor with its problems, and the views beside it. On narrow screens, the editor is one of the tabs. */
import { useSignal, useSignalEffect } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Session } from '../session.ts'
import type { ViewProps } from '../viewProps.ts'
import { narrowScreen } from '../narrowScreen.ts'
import { views } from '../views.ts'
import { Header } from './header.tsx'
import { Problems } from './problems.tsx'
import { Tabs } from './tabs.tsx'

export function Shell({ session }: ViewProps) {
  useEffect(() => leaveEditTab(session), [session])
  return (
    <>
      <Header session={session} />
      {session.failure.value !== undefined && (
        <p class="failure" role="alert">
          {session.failure.value}
          <button type="button" class="plain" onClick={() => (session.failure.value = undefined)}>
            Dismiss
          </button>
        </p>
      )}
      <Tabs session={session} />
      <main class="panes" data-view={session.view.value}>
        <section class="edit-pane" aria-label="Editor">
          <EditorPane session={session} />
          <Problems session={session} />
        </section>
        <CurrentView session={session} />
      </main>
    </>
  )
}

/** Shows another view when the screen becomes wide: the editor is beside each view then, and no tab. Returns a function that ends it. */
function leaveEditTab({ view }: Session): () => void {
  const narrow = matchMedia(narrowScreen)
  const follow = () => {
    if (!narrow.matches && view.value === 'edit') view.value = views[0]!.id
  }
  narrow.addEventListener('change', follow)
  return () => narrow.removeEventListener('change', follow)
}

/** Shows the text until the editor is loaded. */
function EditorPane({ session }: ViewProps) {
  const parent = useRef<HTMLDivElement>(null)
  const isLoaded = useSignal(false)
  useEffect(() => {
    let unmount: (() => void) | undefined
    let isGone = false
    void import('../editor/codeEditor.ts').then(({ mountEditor }) => {
      if (isGone) return
      isLoaded.value = true
      unmount = mountEditor(parent.current!, session)
    })
    return () => {
      isGone = true
      unmount?.()
    }
  }, [session])
  return (
    <div class="editor" ref={parent}>
      {!isLoaded.value && <pre class="first-text">{session.text.value}</pre>}
    </div>
  )
}

function CurrentView({ session }: ViewProps) {
  const loaded = useSignal<Readonly<Record<string, ComponentType<ViewProps>>>>({})
  useSignalEffect(() => {
    const entry = views.find(({ id }) => id === session.view.value)
    if (entry === undefined || loaded.peek()[entry.id] !== undefined) return
    void load(entry.load(), session).then((View) => {
      if (View !== undefined) loaded.value = { ...loaded.value, [entry.id]: View }
    })
  })
  const id = session.view.value
  const View = loaded.value[id]
  return (
    <section class="view-pane" id={`view-${id}`} role="tabpanel" aria-labelledby={`tab-${id}`}>
      {View === undefined ? <p class="empty">Loading …</p> : <View session={session} />}
    </section>
  )
}

async function load<Value>(loading: Promise<Value>, session: Session): Promise<Value | undefined> {
  try {
    return await loading
  } catch {
    session.failure.value = 'A part of the studio could not be loaded. Reload the page.'
    return undefined
  }
}
