/** Pairs the layers of two networks so that as little as possible was added, removed or changed. */
import type { LayerFacts } from './modelFacts.ts'

/** A layer of both networks or of one of them. */
export type AlignedLayer =
  | { readonly before: LayerFacts; readonly after: LayerFacts }
  | { readonly before: LayerFacts; readonly after: undefined }
  | { readonly before: undefined; readonly after: LayerFacts }

/** The cost of an added or removed layer. */
const gap = 1

/** Returns the pairing with the smallest edit distance over layers (Wagner and Fischer, 1974). */
export function alignLayers(before: readonly LayerFacts[], after: readonly LayerFacts[]): AlignedLayer[] {
  const costs = distances(before, after)
  const aligned: AlignedLayer[] = []
  let [row, column] = [0, 0]
  while (row < before.length || column < after.length) {
    const [old, fresh] = [before[row], after[column]]
    const here = costs[row]![column]!
    if (old && fresh && isEqual(here, costs[row + 1]![column + 1]! + changeCost(old, fresh))) {
      aligned.push({ before: old, after: fresh })
      row += 1
      column += 1
    } else if (old && isEqual(here, costs[row + 1]![column]! + gap)) {
      aligned.push({ before: old, after: undefined })
      row += 1
    } else {
      aligned.push({ before: undefined, after: fresh! })
      column += 1
    }
  }
  return aligned
}

/** Returns the edit distances: `costs[row][column]` is that of `before.slice(row)` and `after.slice(column)`. */
function distances(before: readonly LayerFacts[], after: readonly LayerFacts[]): number[][] {
  const costs = Array.from({ length: before.length + 1 }, () => Array.from({ length: after.length + 1 }, () => 0))
  for (let row = before.length; row >= 0; row -= 1) {
    for (let column = after.length; column >= 0; column -= 1) {
      const [old, fresh] = [before[row], after[column]]
      if (!old && !fresh) continue
      const removed = old ? costs[row + 1]![column]! + gap : Infinity
      const added = fresh ? costs[row]![column + 1]! + gap : Infinity
      const changed = old && fresh ? costs[row + 1]![column + 1]! + changeCost(old, fresh) : Infinity
      costs[row]![column] = Math.min(removed, added, changed)
    }
  }
  return costs
}

/** The cost of changing one layer into another. It is infinite between types, unless the spec gives both the same name. */
function changeCost(before: LayerFacts, after: LayerFacts): number {
  const bothNamed = before.isNamed && after.isNamed
  const sameName = bothNamed && before.name === after.name
  if (before.type !== after.type) return sameName ? 1.5 : Infinity
  const options = JSON.stringify(before.options) === JSON.stringify(after.options) ? 0 : 0.5
  return options + (bothNamed && !sameName ? 0.75 : 0)
}

function isEqual(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-6
}
