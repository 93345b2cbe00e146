/** The network of a run, from its spec and what the saved model says of its data: the dataset need not be here any more. */
import { checkText, type Analysis } from '../../analyze.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { hasErrors } from '../../diagnostics/diagnostic.ts'
import { runFiles } from '../../system/runFiles.ts'
import type { RunRecord } from './runRecord.ts'

/** Undefined where the spec is missing, or no spec any more for this version. */
export function analyzeRun({ specText, resolved, sampleShape }: RunRecord): Analysis | undefined {
  if (specText === undefined) return undefined
  const file = resolved?.file ?? runFiles.spec
  const look = { host: nodeHost, data: resolved?.data }
  const analysis = checkText(specText, file, look)
  if (!hasErrors(analysis.diagnostics)) return analysis
  const lacksData = analysis.diagnostics.some(({ code }) => code === 'data/unknown-shape')
  if (!lacksData || sampleShape === undefined) return undefined
  const stated = checkText(`${specText.trimEnd()}\ninput: { shape: [${sampleShape.join(', ')}] }\n`, file, look)
  const others = stated.diagnostics.filter(({ code }) => !code.startsWith('data/'))
  return stated.shaped.complete && !hasErrors(others) ? stated : undefined
}
