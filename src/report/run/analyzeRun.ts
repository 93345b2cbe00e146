/** Analyzes the spec of a run. If its dataset no longer exists, the shape of a sample comes from the saved model. */
import { checkText, type Analysis } from '../../analyze.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { hasErrors } from '../../diagnostics/diagnostic.ts'
import { runFiles } from '../../system/runFiles.ts'
import type { RunRecord } from './runRecord.ts'

/** Returns undefined if the spec is missing, or if this version does not accept it. */
export function analyzeRun({ specText, resolved, sampleShape }: RunRecord): Analysis | undefined {
  if (specText === undefined) return undefined
  const file = resolved?.file ?? runFiles.spec
  const look = { host: nodeHost, data: resolved?.data, isTrained: true }
  const analysis = checkText(specText, file, look)
  if (!hasErrors(analysis.diagnostics)) return analysis
  const lacksData = analysis.diagnostics.some(({ code }) => code === 'data/unknown-shape')
  if (!lacksData || sampleShape === undefined) return undefined
  const stated = checkText(`${specText.trimEnd()}\ninput: { shape: [${sampleShape.join(', ')}] }\n`, file, look)
  const others = stated.diagnostics.filter(({ code }) => !code.startsWith('data/'))
  return stated.shaped.complete && !hasErrors(others) ? stated : undefined
}
