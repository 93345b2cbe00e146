/** Attaches an analysis to a result of the public API without exposing its type. */
import type { Analysis } from '../analyze.ts'

/** A symbol that all bundles of this package share, so that `shapewright` accepts a result of `shapewright/check`. */
const key = Symbol.for('shapewright.analysis')

export function keepAnalysis<Result extends object>(result: Result, analysis: Analysis): Result {
  return Object.defineProperty(result, key, { value: analysis })
}

/** @throws TypeError if `result` does not come from `check`. */
export function analysisOf(result: object): Analysis {
  const kept = (result as { readonly [key]?: Analysis })[key]
  if (kept === undefined) throw new TypeError('a result of `check` is needed')
  return kept
}
