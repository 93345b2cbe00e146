/** Inlay hints: the proven shape and the parameters after each layer, and the value after each expression. */
import type { Span } from '../diagnostics/diagnostic.ts'
import { describeBriefly } from './layerFacts.ts'
import { listValues, valuesOfReferences } from './expressionValues.ts'
import type { SpecDocument } from './specDocument.ts'

export interface InlayHint {
  readonly offset: number
  readonly label: string
  readonly kind: 'shape' | 'value'
}

/** Returns the hints in a part of the text, in the order of their places. */
export function inlayHints(document: SpecDocument, { start, end }: Span): readonly InlayHint[] {
  const { lines, text } = document
  const endOfLine = (offset: number) => {
    const { line } = lines.position(offset)
    return offset - (lines.position(offset).column - 1) + lines.line(line).trimEnd().length
  }
  // Of several items on one line, the first contains the others.
  const shapes = new Map<number, InlayHint>()
  for (const item of [...document.items.values()].toSorted((a, b) => a.typeSpan.start - b.typeSpan.start)) {
    const offset = endOfLine(item.typeSpan.start)
    if (!shapes.has(offset)) shapes.set(offset, { offset, label: describeBriefly(item), kind: 'shape' })
  }
  const values = [...valuesOfReferences(document).values()].map((reference): InlayHint => {
    return { offset: reference.end, label: `= ${listValues(reference.values)}`, kind: 'value' }
  })
  return [...values, ...shapes.values()]
    .filter(({ offset }) => start <= offset && offset <= Math.min(end, text.length))
    .toSorted((a, b) => a.offset - b.offset)
}
