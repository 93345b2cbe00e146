import { callKeys } from '../compose/blocks.ts'
import type { Path } from '../diagnostics/diagnostic.ts'
import { paramsOfBlocks } from './blocks.ts'
import { itemPathOf } from './cursor.ts'
import type { SpecDocument } from './specDocument.ts'

/**
 * Returns the path at which the schema describes what is written at `path`. The schema knows neither the types of the layers that
 * `override` names, nor blocks, whose calls accept what every layer does.
 */
export function schemaPathOf(document: SpecDocument, path: Path): Path {
  const [section, name, ...options] = path
  if (section === 'override' && name !== undefined) {
    const node = document.analysis.graph.nodes.find((one) => one.name === name)
    return node === undefined ? path : ['layers', 0, node.item.type, ...options]
  }
  const item = itemPathOf(path)
  const [type, key] = item === undefined ? [] : path.slice(item.length)
  const isOfCall = (callKeys as readonly unknown[]).includes(key) && paramsOfBlocks(document).has(String(type))
  return isOfCall ? ['layers', 0, 'flatten', ...path.slice(item!.length + 1)] : path
}
