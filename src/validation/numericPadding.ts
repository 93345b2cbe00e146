/** Translates a `padding: 1` as in PyTorch, the number of zeros on each side, to `same`, `valid` or a layer of zeros. */
import type { Fix, Path } from '../diagnostics/diagnostic.ts'
import { insertItemBefore, removeEntry, setValue, yamlText } from '../source/edits.ts'
import type { SourceDocument } from '../source/source.ts'
import { namedPadding, perAxis, type Options } from './foreignArguments.ts'

export function paddingFixes(source: SourceDocument, path: Path, value: unknown): Fix[] {
  const layer = String(path.at(-2))
  const axes = Number(/(\d)d$/i.exec(layer)?.[1] ?? 0)
  const isPooling = /pooling/i.test(layer)
  if (axes === 0 || !(isPooling || /^(depthwiseC|separableC|c)onv\dd$/.test(layer))) return []
  const options = optionsAt(source, path.slice(0, -1))
  const named = namedPadding(value, axes, options)
  if (named !== undefined && (!isPooling || named['padding'] === 'valid')) {
    const edits = setValue(source, path, named['padding'])
    return edits ? [{ kind: 'rewrite', title: `write \`padding: ${yamlText(named['padding'])}\``, edits }] : []
  }
  const zeros = perAxis(value, axes)
  if (zeros === undefined || options['kernelSize'] === undefined) return []
  // The zeros become a layer of their own, unless the layer has `inputs`, which would not include the new layer.
  const takesOver = axes === 2 && !isPooling && path.length === 4 && options['inputs'] === undefined
  const padding = zeros.every((count) => count === zeros[0]) ? zeros[0] : zeros.map((count) => [count, count])
  const item = { zeroPadding2d: { padding } }
  const inserted = takesOver ? insertItemBefore(source, path.slice(0, 2), item) : undefined
  const removed = removeEntry(source, path)
  if (inserted === undefined || removed === undefined) return []
  const title = `insert \`zeroPadding2d: ${yamlText(item.zeroPadding2d)}\` before it`
  return [{ kind: 'rewrite', title, edits: [...inserted, ...removed] }]
}

function optionsAt(source: SourceDocument, path: Path): Options {
  const found = path.reduce<unknown>(
    (value, step) => (value as Record<string | number, unknown> | null | undefined)?.[step],
    source.value,
  )
  return found !== null && typeof found === 'object' ? (found as Options) : {}
}
