/** The menu of what can be done at the cursor: fixes, refactorings, `expect:`, and ignoring a code. By Ctrl+. or a button. */
import { StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state'
import { keymap, showTooltip, type EditorView, type Tooltip } from '@codemirror/view'
import type { Span, TextEdit } from '../../../diagnostics/diagnostic.ts'
import { markdownElement } from '../markdown.tsx'
import { messageOf } from '../messageOf.ts'
import type { Session } from '../session.ts'
import type { CheckedFix } from '../worker/messages.ts'

type Apply = (view: EditorView, edits: readonly TextEdit[]) => void

const setMenu = StateEffect.define<Tooltip | null>()

/** A change of the text closes the menu. */
const menu = StateField.define<Tooltip | null>({
  create: () => null,
  update(shown, { effects, docChanged }) {
    const given = effects.find((effect) => effect.is(setMenu))
    return given === undefined ? (docChanged ? null : shown) : (given.value as Tooltip | null)
  },
  provide: (field) => showTooltip.from(field),
})

export function actionsMenu(session: Session, apply: Apply): Extension {
  const run = (view: EditorView) => {
    void openActions(session, view, apply)
    return true
  }
  return [menu, keymap.of([{ key: 'Mod-.', preventDefault: true, run }])]
}

/** Asks for the actions at the selection, and shows them below it. */
export async function openActions(session: Session, view: EditorView, apply: Apply): Promise<void> {
  const text = view.state.doc.toString()
  const { from } = view.state.selection.main
  try {
    const question = { file: session.file.peek(), text, selection: selectionOf(view.state) }
    const actions = await session.checker.ask('actions', question)
    if (view.state.doc.toString() !== text) return
    const create = () => ({ dom: menuElement(view, actions, apply), mount: () => focusItem(view, 0) })
    view.dispatch({ effects: setMenu.of({ pos: from, above: false, create }) })
  } catch (error) {
    session.failure.value = `The actions could not be found: ${messageOf(error)}`
  }
}

/** The selection without the spaces and the dash before what is selected: the start of a line counts as its item. */
function selectionOf({ doc, selection }: EditorState): Span {
  const { from, to } = selection.main
  const line = doc.lineAt(from)
  const start = Math.max(from, line.from + /^ *(- +)*/.exec(line.text)![0].length)
  return { start, end: to === from ? start : Math.max(start, to) }
}

function menuElement(view: EditorView, actions: readonly CheckedFix[], apply: Apply): HTMLElement {
  const list = document.createElement('div')
  list.className = 'actions-menu'
  list.role = 'menu'
  list.ariaLabel = 'Actions'
  const close = () => {
    view.dispatch({ effects: setMenu.of(null) })
    view.focus()
  }
  for (const { title, edits } of actions) {
    const item = document.createElement('button')
    item.type = 'button'
    item.role = 'menuitem'
    item.append(...markdownElement(title).childNodes)
    item.addEventListener('click', () => {
      close()
      apply(view, edits)
    })
    list.append(item)
  }
  if (actions.length === 0) {
    const item = document.createElement('button')
    item.type = 'button'
    item.role = 'menuitem'
    item.textContent = 'Nothing can be done here'
    item.addEventListener('click', close)
    list.append(item)
  }
  list.addEventListener('keydown', (event) => {
    const items = itemsOf(list)
    const at = items.indexOf(document.activeElement as HTMLElement)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (next !== undefined) items.at(next % items.length)?.focus()
    else if (event.key === 'Escape' || event.key === 'Tab') close()
    else return
    event.preventDefault()
    event.stopPropagation()
  })
  list.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !list.contains(relatedTarget)) view.dispatch({ effects: setMenu.of(null) })
  })
  return list
}

function itemsOf(list: ParentNode): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('[role=menuitem]')]
}

function focusItem(view: EditorView, index: number): void {
  const list = view.dom.ownerDocument.querySelector('.actions-menu')
  if (list !== null) itemsOf(list)[index]?.focus()
}
