/** Code actions: the tested fixes of diagnostics, fixing all, suppressing a code, writing `expect`, and refactorings of composition. */
import { isSeq } from 'yaml'
import { checkText } from '../analyze.ts'
import { isIgnorable } from '../diagnostics/codes.ts'
import { isOfSpec, type Diagnostic, type Span } from '../diagnostics/diagnostic.ts'
import { applyFixes } from '../fixes.ts'
import { formatShape, toJsonShape } from '../language/dims.ts'
import { addEntry, setValue, yamlText } from '../source/edits.ts'
import { isMap } from '../compose/blocks.ts'
import { itemPathOf, placeAt, typeSpan, writtenValue } from './cursor.ts'
import type { CodeAction } from './codeAction.ts'
import { refactorings } from './refactorings.ts'
import { editsBetween } from './textChanges.ts'
import { expectText } from './layerFacts.ts'
import type { SpecDocument } from './specDocument.ts'

/** Returns the actions for a selection, or for a cursor if the selection is empty. */
export function codeActionsAt(document: SpecDocument, selection: Span): readonly CodeAction[] {
  const here = document.analysis.diagnostics.filter(({ span }) => span.file === undefined && touches(span, selection))
  return [
    ...here.flatMap(fixActions),
    ...here.flatMap((diagnostic) => ignoreAction(document, diagnostic)),
    ...fixAllAction(document),
    ...expectAction(document, selection),
    ...refactorings(document, selection),
  ]
}

function touches(one: Span, other: Span): boolean {
  return one.start <= other.end && other.start <= one.end
}

/** The fixes that change only the spec itself: those of a file that it extends are offered there. */
function fixActions(diagnostic: Diagnostic): CodeAction[] {
  return diagnostic.fixes.filter(isOfSpec).map(({ title, edits, kind }, index) => {
    return { title, kind: 'quickfix', edits, diagnostic, isPreferred: index === 0 && kind === 'rewrite' }
  })
}

/** Adds a code to `ignore` if that silences it. */
function ignoreAction(document: SpecDocument, diagnostic: Diagnostic): CodeAction[] {
  const { code } = diagnostic
  if (!isIgnorable(code)) return []
  const { source: composed, spec } = document.analysis
  const source = composed.written
  const { ignore } = source.value as { readonly ignore?: unknown }
  const edits = Array.isArray(ignore)
    ? setValue(source, ['ignore'], [...(ignore as readonly unknown[]), code])
    : ignore === undefined
      ? // A list replaces that of a file that the spec extends.
        addEntry(source, [], 'ignore', [...spec.ignore, code])
      : undefined
  const title = `ignore \`${code}\` in this spec`
  return edits === undefined ? [] : [{ title, kind: 'quickfix', edits, diagnostic }]
}

/** Applies all fixes that keep the meaning. */
function fixAllAction({ text, file, options, analysis }: SpecDocument): CodeAction[] {
  const isFixable = analysis.diagnostics.some(({ fixes }) => fixes.some(({ kind }) => kind === 'rewrite'))
  const fixed = isFixable ? applyFixes(text, (changed) => checkText(changed, file, options), 'rewrites').text : text
  if (fixed === text) return []
  return [
    {
      title: 'fix all mistakes that have one meaning',
      kind: 'source.fixAll.shapewright',
      edits: editsBetween(text, fixed),
    },
  ]
}

/** Writes the proven output of the layer at the cursor as `expect`. */
function expectAction(document: SpecDocument, selection: Span): CodeAction[] {
  const source = document.analysis.source.written
  const path = itemPathOf(placeAt(source, selection.start)?.path ?? [])
  if (path === undefined) return []
  const value = writtenValue(source, path)
  const [type, options] = isMap(value) ? (Object.entries(value)[0] ?? ['', null]) : [String(value), null]
  const item = document.items.get(typeSpan(source, path)?.start ?? -1)
  const shapes = new Map((item?.uses ?? []).map((nodes) => [formatShape(nodes.at(-1)!.shape), nodes.at(-1)!.shape]))
  const [shape] = shapes.values()
  if (shapes.size !== 1 || shape === undefined || (isMap(options) && 'expect' in options)) return []
  const list = source.nodeAt(path.slice(0, -1))
  const isFlow = isSeq(list) && list.flow === true
  const call = `${yamlText(type)}: { expect: ${expectText(shape)} }`
  const edits = isMap(options)
    ? addEntry(source, [...path, type], 'expect', toJsonShape(shape))
    : isMap(value)
      ? undefined
      : [{ span: source.locateValue(path), newText: isFlow ? `{ ${call} }` : call }]
  return edits === undefined ? [] : [{ title: `expect ${formatShape(shape)} here`, kind: 'refactor', edits }]
}
