/** The editor of the spec: CodeMirror with squiggles, hints, fixes, hovers and completion, which the checker answers. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { indentUnit } from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { Compartment, EditorState, Transaction, type Extension } from '@codemirror/state'
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { effect } from '@preact/signals'
import type { TextEdit } from '../../../diagnostics/diagnostic.ts'
import { markdownElement } from '../markdown.tsx'
import type { Session } from '../session.ts'
import type { Checked, CheckedDiagnostic } from '../worker/messages.ts'
import { hints, setHints } from './hints.ts'
import { editorTheme } from './theme.ts'

/** Completion and the menu of actions are loaded after the first check, so that shapes are shown sooner. */
const completion = new Compartment()
const noCompletion: Extension = []

/** Mounts the editor. Returns a function that removes it. */
export function mountEditor(parent: HTMLElement, session: Session): () => void {
  const stateOf = (doc: string, loaded: Extension) => {
    return EditorState.create({ doc, extensions: [...extensionsOf(session), completion.of(loaded)] })
  }
  const view = new EditorView({ parent, state: stateOf(session.text.peek(), noCompletion) })
  let file = session.file.peek()
  const stops = [
    effect(() => {
      const [opened, text] = [session.file.value, session.text.value]
      // A completion that is still being asked for needs its field in the new state.
      if (opened !== file) view.setState(stateOf(text, completion.get(view.state) ?? noCompletion))
      else replaceText(view, text)
      file = opened
    }),
    effect(() => {
      const shapes = session.shapes.value
      if (shapes?.text === view.state.doc.toString()) view.dispatch({ effects: setHints.of(shapes.hints) })
    }),
    effect(() => {
      const checked = session.checked.value
      if (checked?.text !== view.state.doc.toString()) return
      showProblems(view, checked)
      void addCompletion(view, session)
    }),
    effect(() => {
      const place = session.jump.value
      if (place === undefined) return
      const anchor = Math.min(place.start, view.state.doc.length)
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) })
      view.focus()
    }),
    effect(() => {
      if (session.actionRequests.value > 0) void showActions(view, session)
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    view.destroy()
  }
}

/** Changes only what differs, so that the cursor and the history stay. */
function replaceText(view: EditorView, text: string): void {
  const old = view.state.doc.toString()
  if (text === old) return
  const shorter = Math.min(old.length, text.length)
  let start = 0
  while (start < shorter && old[start] === text[start]) start++
  let end = 0
  while (end < shorter - start && old.at(-1 - end) === text.at(-1 - end)) end++
  const insert = text.slice(start, text.length - end)
  view.dispatch({ changes: { from: start, to: old.length - end, insert }, userEvent: 'input.fix' })
}

function applyEditsTo(view: EditorView, edits: readonly TextEdit[]): void {
  view.dispatch({
    changes: edits.map(({ span, newText }) => ({ from: span.start, to: span.end, insert: newText })),
    userEvent: 'input.fix',
  })
}

function extensionsOf(session: Session): readonly Extension[] {
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    history(),
    drawSelection(),
    yaml(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    lintGutter(),
    hints,
    EditorView.lineWrapping,
    hoverTooltip(async (_view, offset) => await hoverAt(session, offset)),
    EditorView.contentAttributes.of({ 'aria-label': 'Spec', spellcheck: 'false' }),
    keymap.of([
      {
        key: 'Mod-s',
        preventDefault: true,
        run: () => {
          void session.save()
          return true
        },
      },
      {
        key: 'F12',
        run: (view) => {
          void goToDefinition(session, view)
          return true
        },
      },
      ...defaultKeymap,
      ...historyKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    EditorView.updateListener.of(({ docChanged, selectionSet, state, transactions }) => {
      if (docChanged) session.text.value = state.doc.toString()
      const isUser = transactions.some((one) => one.annotation(Transaction.userEvent) !== undefined)
      if (selectionSet && isUser) selectLayerAt(session, state)
    }),
    editorTheme,
  ]
}

async function addCompletion(view: EditorView, session: Session): Promise<void> {
  if (completion.get(view.state) !== noCompletion) return
  const [{ completionBy }, { actionsMenu }] = await Promise.all([import('./completion.ts'), loadActions()])
  if (completion.get(view.state) !== noCompletion) return
  const extensions = [completionBy(session), actionsMenu(session, applyEditsTo)]
  view.dispatch({ effects: completion.reconfigure(extensions) })
}

const loadActions = async () => await import('./actionsMenu.ts')

async function showActions(view: EditorView, session: Session): Promise<void> {
  const { openActions } = await loadActions()
  await openActions(session, view, applyEditsTo)
}

function showProblems(view: EditorView, { diagnostics }: Checked): void {
  const { length } = view.state.doc
  view.dispatch(
    setDiagnostics(
      view.state,
      diagnostics.filter(({ span }) => span.file === undefined).map((one) => toDiagnostic(one, length)),
    ),
  )
}

function toDiagnostic({ span, severity, code, message, help, fixes }: CheckedDiagnostic, length: number): Diagnostic {
  const from = Math.min(span.start, length)
  return {
    from,
    to: Math.min(Math.max(span.end, from + 1), length),
    severity: severity === 'hint' ? 'info' : severity,
    source: code,
    message,
    renderMessage: () => markdownElement([message, ...(help === undefined ? [] : [help])].join('\n\n')),
    actions: fixes.map(({ title, edits }) => ({
      name: title.replaceAll('`', ''),
      apply: (view) => applyEditsTo(view, edits),
    })),
  }
}

async function hoverAt({ checker }: Session, offset: number) {
  const hover = await checker.ask('hover', { offset }).catch(() => undefined)
  if (hover === undefined) return null
  return {
    pos: hover.span.start,
    end: hover.span.end,
    above: true,
    create: () => {
      const dom = markdownElement(hover.markdown)
      dom.classList.add('hover')
      return { dom }
    },
  }
}

/** Shows where the name at the cursor is defined, or opens the spec whose path is there. */
async function goToDefinition(session: Session, view: EditorView): Promise<void> {
  const span = await session.checker
    .ask('definition', { offset: view.state.selection.main.head })
    .catch(() => undefined)
  if (span === undefined) return
  const { file = session.file.peek(), start, end } = span
  if (file === session.file.peek() || (await session.openInstead(file))) session.jump.value = { start, end }
}

/** Selects the layer whose line the cursor is in. */
function selectLayerAt(session: Session, { doc, selection }: EditorState): void {
  const line = doc.lineAt(selection.main.head)
  const isHere = (offset: number | undefined) => offset !== undefined && line.from <= offset && offset <= line.to
  const here = session.network.peek()?.layers.filter(({ span }) => isHere(span?.start)) ?? []
  const current = here.find(({ name }) => name === session.selected.peek())
  if (here.length > 0 && current === undefined) session.selected.value = here[0]!.name
}
