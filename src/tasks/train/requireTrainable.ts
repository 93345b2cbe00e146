import { listWords } from '../../diagnostics/didYouMean.ts'
import { missingForTraining } from '../../program/lowerGraph.ts'
import { KnownError } from '../../system/knownError.ts'
import type { Spec } from '../../validation/spec.ts'

/** @throws KnownError if the spec has no dataset, optimizer or loss. */
export function requireTrainable(path: string, spec: Spec): void {
  const missing = missingForTraining(spec)
  if (missing.length === 0) return
  const examples = { dataset: 'dataset: mnist', optimizer: 'optimizer: sgd', loss: 'loss: categoricalCrossentropy' }
  const lines = missing.map((key) => `\`${examples[key as keyof typeof examples]}\``)
  throw new KnownError(
    'usage',
    `${path} has no ${listWords(missing, 'or')}, which training requires`,
    `add ${lines.join(' and ')}`,
  )
}
