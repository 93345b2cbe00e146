/** The blocks of a spec as written, and of the files that it extends, for the functions of the language service. */
import { isMap } from '../compose/blocks.ts'
import type { SourceDocument } from '../source/source.ts'
import { readParents } from './parentSources.ts'
import type { SpecDocument } from './specDocument.ts'

type Fields = Readonly<Record<string, unknown>>

/** The parameters of each block with their defaults, by its name. */
export function paramsOfBlocks({ analysis: { source } }: SpecDocument): ReadonlyMap<string, Fields> {
  // A block replaces one of a file that the spec extends.
  return new Map([...readParents(source), source.written].flatMap((one) => [...ownBlocks(one)]))
}

/** The parameters of the blocks that a text defines itself. */
export function ownBlocks({ value }: SourceDocument): ReadonlyMap<string, Fields> {
  const blocks = isMap(value) && isMap(value['blocks']) ? value['blocks'] : {}
  const params = (block: unknown) => (isMap(block) && isMap(block['params']) ? block['params'] : {})
  return new Map(
    Object.entries(blocks).flatMap(([name, block]) => (name.startsWith('x-') ? [] : [[name, params(block)] as const])),
  )
}
