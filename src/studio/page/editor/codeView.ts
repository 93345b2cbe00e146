/** Shows code that cannot be edited, highlighted by its language. */
import { javascript } from '@codemirror/lang-javascript'
import { python } from '@codemirror/lang-python'
import { EditorState } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { editorTheme } from './theme.ts'

export interface CodeView {
  show(fileName: string, text: string): void
  destroy(): void
}

export function mountCodeView(parent: HTMLElement): CodeView {
  const view = new EditorView({ parent })
  return {
    show(fileName, text) {
      const language = fileName.endsWith('.py') ? python() : javascript({ typescript: fileName.endsWith('.ts') })
      const isSame = text === view.state.doc.toString()
      if (isSame) return
      const { scrollTop } = view.scrollDOM
      view.setState(
        EditorState.create({
          doc: text,
          extensions: [
            lineNumbers(),
            language,
            EditorState.readOnly.of(true),
            EditorView.contentAttributes.of({ 'aria-label': 'Script', tabindex: '0' }),
            editorTheme,
          ],
        }),
      )
      view.scrollDOM.scrollTop = scrollTop
    },
    destroy: () => view.destroy(),
  }
}
