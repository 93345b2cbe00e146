/** The entry point of the page: shows the shell at once, then loads the editor, the checker and the views. */
import { effect } from '@preact/signals'
import { render } from 'preact'
import { readAddress, writeAddress } from './address.ts'
import { chooseBackend } from './chooseBackend.ts'
import { messageOf } from './messageOf.ts'
import { Session } from './session.ts'
import { Shell } from './shell/shell.tsx'
import { applyTheme } from './theme.ts'
import { views } from './views.ts'

applyTheme()
const root = document.querySelector('#studio')!

try {
  const session = new Session(await chooseBackend())
  await restore(session)
  root.replaceChildren()
  render(<Shell session={session} />, root)
  keepAddress(session)
} catch (error) {
  root.textContent = `The studio could not start: ${messageOf(error)}`
}

/** Opens the spec and the view of the address, or the first spec. */
async function restore(session: Session): Promise<void> {
  const [{ file, view, text }, specs] = await Promise.all([readAddress(location.hash), session.backend.listSpecs()])
  session.specs.value = specs
  if (views.some(({ id }) => id === view)) session.view.value = view!
  const path = file ?? specs[0]?.path
  if (text !== undefined) session.show(path ?? 'spec.yaml', text, '')
  else if (path !== undefined) await session.open(path)
  else session.show('spec.yaml', '')
}

/** Writes the state to the address. A text is in it only if it cannot be saved and differs from the example. */
function keepAddress(session: Session): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  effect(() => {
    const state = { file: session.file.value, view: session.view.value }
    const isChanged = session.backend.writeSpec === undefined && session.text.value !== session.savedText.value
    const text = isChanged ? { text: session.text.value } : {}
    clearTimeout(timer)
    const write = async () => {
      history.replaceState(null, '', location.pathname + location.search + (await writeAddress({ ...state, ...text })))
    }
    // A text changes with each key, and is compressed.
    timer = setTimeout(write, isChanged ? 300 : 0)
  })
  addEventListener('hashchange', async () => {
    const { file, view, text } = await readAddress(location.hash)
    if (views.some(({ id }) => id === view)) session.view.value = view!
    if (text !== undefined && text !== session.text.value) session.show(file ?? session.file.value, text, '')
    else if (file !== undefined && file !== session.file.value) await session.open(file)
  })
}
