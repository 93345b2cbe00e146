/** Where the engine alone is to blame, and why: differences that the fuzz does not tell. */
import { isKnown } from '../../src/layers/dims.ts'
import type { Difference } from './compareEngine.ts'

export interface EngineFault {
  readonly reason: string
  applies(difference: Difference): boolean
}

/** Layers whose output marks steps to be skipped. */
const maskers = ['masking', 'maskZero']

export const engineFaults: readonly EngineFault[] = [
  {
    reason: 'builds a network with sizes of zero or below',
    applies: ({ kind, code }) => kind === 'engine-accepts' && code === 'shape/kernel-exceeds-input',
  },
  {
    reason: 'takes an option, and ignores it or does otherwise',
    applies: ({ kind, code }) => kind === 'engine-accepts' && code === 'engine/not-implemented',
  },
  {
    reason: 'counts an open size as 0 where bidirectional doubles it when the network is built',
    applies: ({ kind, type, upstream, inputShapes }) =>
      kind === 'output-shape' &&
      (type === 'bidirectional' || upstream.has('bidirectional')) &&
      inputShapes.some((shape) => !shape.every(isKnown)),
  },
  {
    reason: 'takes an open size for what the options state, and would throw on another one in the run',
    applies: ({ kind, code }) => kind === 'engine-accepts' && code === 'shape/unknown-size',
  },
  {
    // Negative axes in a list, and 0, index past the shape, where undefined equals undefined (merge.js, `Dot.build`).
    reason: 'compares axes of dot and concatenate and sharedAxes of prelu without looking whether the input has them',
    applies: ({ kind, code, type }) =>
      kind === 'engine-accepts' && code === 'shape/bad-axis' && ['dot', 'concatenate', 'prelu'].includes(type),
  },
  {
    reason: 'skips the check of reshape while the size of the batch is open',
    applies: ({ kind, code, type }) =>
      kind === 'engine-accepts' && code === 'shape/size-mismatch' && type === 'reshape',
  },
  {
    reason: 'looks at noiseShape only while training',
    applies: ({ kind, type, options }) =>
      kind === 'engine-accepts' && /dropout$/i.test(type) && options['noiseShape'] !== undefined,
  },
  {
    reason: 'cropping2D counts a size that is open as 0 when the network is built',
    applies: ({ kind, type, upstream, inputShapes }) =>
      (kind === 'output-shape' || kind === 'engine-refuses') &&
      (type === 'cropping2D' || upstream.has('cropping2D')) &&
      inputShapes.some((shape) => !shape.every(isKnown)),
  },
  {
    // The executor keeps `mask` in the one object of keyword arguments that all layers are called with (executor.js).
    reason: 'gives a mask to layers of other branches, too, and throws where it meets another or none',
    applies: ({ kind, network }) => kind.startsWith('run-') && maskers.some((word) => network.has(word)),
  },
  {
    reason: 'the random data of the fuzz is no index of the vocabulary: no mistake of the spec',
    applies: ({ kind, message }) =>
      kind === 'run-refuses' && /^GatherV2: the index|^Input values must be/.test(message),
  },
  {
    reason: 'sizes that are known only in the run turn out unequal there',
    applies: ({ kind, inputShapes, network }) =>
      kind === 'run-refuses' && (network.has('randomWidth') || inputShapes.some((shape) => !shape.every(isKnown))),
  },
]

/** The fault that explains a difference, or undefined: then it is ours. */
export function faultBehind(difference: Difference): EngineFault | undefined {
  return engineFaults.find((fault) => fault.applies(difference))
}
