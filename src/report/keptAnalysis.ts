/** The analysis behind a result of the public API, whose own types are not part of it. */
import type { Analysis } from '../analyze.ts'

/** Shared by all bundles of this package: a result of `shapewright/check` is known to `shapewright`, too. */
const key = Symbol.for('shapewright.analysis')

export function keepAnalysis<Result extends object>(result: Result, analysis: Analysis): Result {
  return Object.defineProperty(result, key, { value: analysis })
}

/** @throws TypeError where `result` comes from elsewhere. */
export function analysisOf(result: object): Analysis {
  const kept = (result as { readonly [key]?: Analysis })[key]
  if (kept === undefined) throw new TypeError('a result of `check` is needed')
  return kept
}
