/** Differential fuzz: random specs, on which the checker and tf.layers must say the same. */
import * as tf from '@tensorflow/tfjs'
import { compareWithEngine, type Difference } from './compareEngine.ts'
import { faultBehind } from './engineFaults.ts'
import { seedOfCase } from './randomSource.ts'
import { drawSpec } from './randomSpec.ts'

export interface SpecFinding {
  readonly index: number
  readonly text: string
  readonly difference: Difference
}

export interface SpecFuzz {
  readonly specs: number
  readonly acceptedLayers: number
  readonly refusedLayers: number
  readonly runs: number
  /** How many differences each known fault of the engine explains. */
  readonly faults: ReadonlyMap<string, number>
  readonly findings: readonly SpecFinding[]
}

export async function fuzzSpecs(count: number, seed: number, until: () => boolean = () => false): Promise<SpecFuzz> {
  await tf.setBackend('cpu')
  const faults = new Map<string, number>()
  const findings: SpecFinding[] = []
  const total = { specs: 0, acceptedLayers: 0, refusedLayers: 0, runs: 0 }
  for (let index = 0; index < count && !until(); index += 1) {
    const { text } = drawSpec(seedOfCase(seed, index))
    const { differences, acceptedLayers, refusedLayers, ran } = compareWithEngine(text)
    total.specs += 1
    total.acceptedLayers += acceptedLayers
    total.refusedLayers += refusedLayers
    total.runs += ran ? 1 : 0
    for (const difference of differences) {
      const fault = faultBehind(difference)
      if (fault === undefined) findings.push({ index, text, difference })
      else faults.set(fault.reason, (faults.get(fault.reason) ?? 0) + 1)
    }
  }
  return { ...total, faults, findings }
}
