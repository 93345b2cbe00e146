/** Completion in the editor: the checker answers what fits at the cursor. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  snippetCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import { Prec, type Extension } from '@codemirror/state'
import { keymap } from '@codemirror/view'
import { markdownElement } from '../markdown.tsx'
import type { Session } from '../session.ts'

export function completionBy(session: Session): Extension {
  return [
    closeBrackets(),
    autocompletion({ override: [(context) => complete(session, context)], defaultKeymap: false }),
    Prec.high(keymap.of([...closeBracketsKeymap, ...completionKeymap])),
  ]
}

async function complete({ checker, file }: Session, context: CompletionContext): Promise<CompletionResult | null> {
  const line = context.state.doc.lineAt(context.pos)
  const before = line.text.slice(0, context.pos - line.from)
  if (!context.explicit && !/[\w$./-]$|[{,:[-] $/.test(before)) return null
  const text = context.state.doc.toString()
  const items = await checker.ask('complete', { file: file.peek(), text, offset: context.pos }).catch(() => [])
  const [first] = items
  if (context.aborted || first === undefined) return null
  const options = items.map(({ label, kind, snippet, detail, help, isLikely = false }): Completion => {
    const completion: Completion = {
      label,
      type: types[kind],
      boost: isLikely ? 10 : 0,
      ...(detail !== undefined && { detail }),
      ...(help !== undefined && { info: () => markdownElement(help) }),
    }
    return snippetCompletion(toTemplate(snippet), completion)
  })
  return { from: first.span.start, options, validFor: /^\$?[\w./-]*$/ }
}

/** The icons of CodeMirror for kinds of completions. */
const types = {
  key: 'property',
  word: 'enum',
  layer: 'class',
  block: 'function',
  variable: 'variable',
  name: 'text',
  file: 'text',
} as const

/** Translates the snippets of editors, `$1` and `${1:32}`, to those of CodeMirror. */
function toTemplate(snippet: string): string {
  return snippet
    .replaceAll(/(?<!\\)\$(\d)/g, '$${$1}')
    .replaceAll('\\$', '$')
    .replaceAll(/\$\{0\}/g, '${}')
}
