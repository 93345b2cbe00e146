/** Differential fuzz: random specs, on which the checker and tf.layers must agree. */
import * as tf from '@tensorflow/tfjs'
import { compareWithEngine } from './compareEngine.ts'
import type { Difference } from './difference.ts'
import { findFault } from './engineFaults.ts'
import { seedOfCase } from './randomSource.ts'
import { drawSpec } from './randomSpec.ts'
import { shrinkSpec } from './shrinkSpec.ts'

export interface SpecFinding {
  readonly index: number
  readonly text: string
  /** A reduced spec that still shows the difference. */
  readonly shrunk: string
  readonly difference: Difference
}

export interface SpecFuzz {
  readonly specs: number
  readonly acceptedLayers: number
  readonly refusedLayers: number
  readonly runs: number
  readonly cpuSeconds: number
  /** The number of differences that each known fault of the engine explains. */
  readonly faults: Readonly<Record<string, number>>
  readonly findings: readonly SpecFinding[]
}

export interface CaseRange {
  readonly from: number
  /** The index after the last case. */
  readonly to: number
}

/** @param onCase Called before each case; the fuzz ends if it returns false. */
export async function fuzzSpecs(
  { from, to }: CaseRange,
  seed: number,
  onCase: (index: number) => boolean | void = () => true,
): Promise<SpecFuzz> {
  await tf.setBackend('cpu')
  const before = process.cpuUsage()
  const faults: Record<string, number> = {}
  const findings: SpecFinding[] = []
  const total = { specs: 0, acceptedLayers: 0, refusedLayers: 0, runs: 0 }
  for (let index = from; index < to && onCase(index) !== false; index += 1) {
    const { text } = drawSpec(seedOfCase(seed, index))
    const { differences, acceptedLayers, refusedLayers, ran } = compareWithEngine(text)
    total.specs += 1
    total.acceptedLayers += acceptedLayers
    total.refusedLayers += refusedLayers
    total.runs += ran ? 1 : 0
    for (const difference of differences) {
      const fault = findFault(difference)
      if (fault === undefined) findings.push({ index, text, shrunk: shrinkSpec(text, difference), difference })
      else faults[fault.reason] = (faults[fault.reason] ?? 0) + 1
    }
  }
  const { user, system } = process.cpuUsage(before)
  return { ...total, cpuSeconds: (user + system) / 1e6, faults, findings }
}

export const nothingYet: SpecFuzz = {
  specs: 0,
  acceptedLayers: 0,
  refusedLayers: 0,
  runs: 0,
  cpuSeconds: 0,
  faults: {},
  findings: [],
}

/** Merges the reports of two parts of a fuzz. */
export function addFuzz(one: SpecFuzz, other: SpecFuzz): SpecFuzz {
  const faults = { ...one.faults }
  for (const [reason, times] of Object.entries(other.faults)) faults[reason] = (faults[reason] ?? 0) + times
  return {
    specs: one.specs + other.specs,
    acceptedLayers: one.acceptedLayers + other.acceptedLayers,
    refusedLayers: one.refusedLayers + other.refusedLayers,
    runs: one.runs + other.runs,
    cpuSeconds: one.cpuSeconds + other.cpuSeconds,
    faults,
    findings: [...one.findings, ...other.findings],
  }
}
