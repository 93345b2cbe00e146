/** The blocks of a spec as written, for the functions of the language service. */
import { isMap } from '../compose/blocks.ts'
import type { SpecDocument } from './specDocument.ts'

/** The parameters of each block with their defaults, by its name. */
export function paramsOfBlocks({ analysis }: SpecDocument): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const spec = analysis.source.written.value
  const blocks = isMap(spec) && isMap(spec['blocks']) ? spec['blocks'] : {}
  const params = (block: unknown) => (isMap(block) && isMap(block['params']) ? block['params'] : {})
  return new Map(
    Object.entries(blocks).flatMap(([name, block]) => (name.startsWith('x-') ? [] : [[name, params(block)] as const])),
  )
}
