/**
 * Finds the names in a file that say what a layer is for, such as `predictions` or `fc1`. Most repeat what the type and the place
 * of the layer say: `conv2_block1_1_conv`, `batch_normalization_3`.
 */
import { impliedInputName } from '../../../language/layerNames.ts'
import { layerTable } from '../../../parts/layers/table.ts'

/** A word belongs to one layer, which no block can contain; a numbered one is one of several like layers. */
export type NameKind = 'word' | 'numbered' | undefined

/** @param names Those of all layers. The beginning of other names, as `block` of `block_1`, is not of one layer. */
export function findDescriptiveNames(names: readonly string[]): (name: string) => NameKind {
  const beginnings = new Set(
    names.flatMap((name) => [/^[A-Za-z]+(?=.)/.exec(name)?.[0], /^[A-Za-z]+\d+(?=.)/.exec(name)?.[0]]),
  )
  return (name) => {
    const lower = name.toLowerCase()
    const isType = typeWords.has(lower) || typeWords.has(wordOf(lower))
    if (!/^[A-Za-z]+\d*$/.test(name) || isType || beginnings.has(name)) return undefined
    return /\d/.test(name) ? 'numbered' : 'word'
  }
}

function wordOf(name: string): string {
  return name.replace(/\d+d?$/, '')
}

const typeWords = new Set([
  ...Object.keys(layerTable).flatMap((type) => [type.toLowerCase(), wordOf(type.toLowerCase())]),
  impliedInputName,
  'bn',
  'norm',
  'pool',
])
