/** Shrinks a spec that shows a difference, by leaving out one thing at a time. */
import { parse } from 'yaml'
import { yamlText } from '../../src/source/edits.ts'
import { compareWithEngine } from './compareEngine.ts'
import type { Difference } from './difference.ts'
import { findFault } from './engineFaults.ts'

type Options = Readonly<Record<string, unknown>>

interface Spec {
  readonly layers: readonly Readonly<Record<string, Options>>[]
  readonly [key: string]: unknown
}

/** The maximum number of tries. Each builds a network, and the result need not be minimal. */
const mostTries = 300

export function shrinkSpec(text: string, { kind, type }: Difference): string {
  let left = mostTries
  const stillDiffers = (spec: Spec): boolean => {
    left -= 1
    if (left < 0) return false
    const { differences } = compareWithEngine(specText(spec))
    return differences.some((one) => one.kind === kind && one.type === type && findFault(one) === undefined)
  }
  let spec = parse(text) as Spec
  for (const smaller of [withoutLayers, withoutKeys, withoutOptions]) spec = smaller(spec, stillDiffers)
  return specText(spec)
}

type Shrink = (spec: Spec, stillDiffers: (spec: Spec) => boolean) => Spec

/** Leaves out layers from the last to the first, because no others depend on the last. */
const withoutLayers: Shrink = (spec, stillDiffers) => {
  let current = spec
  for (let index = spec.layers.length - 1; index >= 0; index -= 1) {
    const smaller = { ...current, layers: current.layers.toSpliced(index, 1) }
    if (stillDiffers(smaller)) current = smaller
  }
  return current
}

const withoutKeys: Shrink = (spec, stillDiffers) => {
  let current = spec
  for (const key of Object.keys(spec)) {
    if (key === 'layers' || key === 'name') continue
    const { [key]: _left, ...smaller } = current
    if (stillDiffers(smaller as Spec)) current = smaller as Spec
  }
  return current
}

const withoutOptions: Shrink = (spec, stillDiffers) => {
  let current = spec
  for (const [index, layer] of spec.layers.entries()) {
    const type = Object.keys(layer)[0]!
    for (const option of Object.keys(layer[type]!)) {
      const { [option]: _left, ...rest } = current.layers[index]![type]!
      const smaller = { ...current, layers: current.layers.with(index, { [type]: rest }) }
      if (stillDiffers(smaller)) current = smaller
    }
  }
  return current
}

function specText({ layers, ...rest }: Spec): string {
  const lines = Object.entries(rest).map(([key, value]) => `${key}: ${yamlText(value)}\n`)
  return `${lines.join('')}layers:\n${layers.map((layer) => `  - ${yamlText(layer)}\n`).join('')}`
}
