import type { Path } from '../diagnostics/diagnostic.ts'
import { isMap } from './blocks.ts'

/** The names that a reference at a path of a spec as written can use: variables, parameters of the block, and counters. */
export function namesAt(root: unknown, path: Path): readonly string[] {
  const sections = isMap(root) ? root : {}
  const names = isMap(sections['vars']) ? Object.keys(sections['vars']) : []
  let value = root
  for (const [depth, step] of path.entries()) {
    value = isMap(value) || Array.isArray(value) ? (value as Readonly<Record<string, unknown>>)[step] : undefined
    if (!isMap(value)) continue
    const { params, as } = value
    if (path[0] === 'blocks' && depth === 1 && isMap(params)) names.push(...Object.keys(params))
    if (step === 'repeat' && typeof as === 'string') names.push(as)
  }
  return names
}
