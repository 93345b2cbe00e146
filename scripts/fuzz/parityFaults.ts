/** Runs that fail both ways through no fault of ours, and why. Each entry explains one kind of failure, and no other. */
import type { RandomExperiment } from './randomExperiment.ts'

export interface ParityFault {
  readonly reason: string
  explains(message: string, drawn: RandomExperiment): boolean
}

export const parityFaults: readonly ParityFault[] = [
  {
    // The checker does not know values. On wasm, and in the words of TensorFlow on node.
    reason: 'an embedding looks up random data that is no index of its vocabulary (no mistake of the spec)',
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
