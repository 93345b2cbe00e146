/** Known reasons why a run fails both ways that are not faults of Shapewright. Each entry explains exactly one kind of failure. */
import type { RandomExperiment } from './randomExperiment.ts'

export interface ParityFault {
  readonly reason: string
  explains(message: string, drawn: RandomExperiment): boolean
}

export const parityFaults: readonly ParityFault[] = [
  {
    // The checker does not know the data. The messages of wasm, and of TensorFlow on node.
    reason: 'an embedding looks up random data that is not an index of its vocabulary (not a mistake of the spec)',
    explains: (message, drawn) =>
      /GatherV2: the index value -?\d+ is not in|indices\[[\d,]*\] = -?\d+ is not in/.test(message) &&
      drawn.text.includes('embedding:'),
  },
  {
    reason: 'categoryEncoding is given random data that is no category (no mistake of the spec)',
    explains: (message, drawn) =>
      message.includes('Input values must be between 0 < values <= numTokens') &&
      drawn.text.includes('categoryEncoding:'),
  },
]
