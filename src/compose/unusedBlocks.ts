/** Reports the blocks of a spec that nothing calls: their layers are not expanded, and so not checked. */
import { isMap, type Blocks } from './blocks.ts'
import type { Composition } from './composition.ts'

/** A block counts as called if its name is anywhere in `layers`, in the block that calls it, or in a value that may choose it. */
export function reportUnusedBlocks(
  context: Composition,
  root: Readonly<Record<string, unknown>>,
  { known }: Blocks,
): void {
  const unused = new Map(known)
  const visited = new Set<unknown>()
  const mention = (word: string): void => {
    const block = unused.get(word)
    unused.delete(word)
    if (block === undefined) return
    visit(block.layers)
    for (const { byDefault } of block.params.values()) visit(byDefault)
  }
  const visit = (value: unknown): void => {
    if (typeof value === 'string') for (const word of value.match(/[\w-]+/g) ?? []) mention(word)
    // Aliases lead to one value many times.
    if (value === null || typeof value !== 'object' || visited.has(value)) return
    visited.add(value)
    for (const [key, inner] of Object.entries(value)) {
      if (key.startsWith('x-')) continue
      if (isMap(value)) mention(key)
      visit(inner)
    }
  }
  const { blocks: _definitions, ...others } = root
  visit(others)
  for (const [name, { origin }] of unused) {
    // Blocks of a parent are there for other specs as well.
    if (origin.written.file !== context.file) continue
    const message = `nothing calls the block \`${name}\`, so its layers are not checked`
    context.report('compose/unused-block', origin, message, {
      atKey: true,
      help: `call it in \`layers\` as \`${name}\`, or remove it`,
    })
  }
}
