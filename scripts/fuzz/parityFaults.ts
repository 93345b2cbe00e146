/** Known reasons why a run fails both ways that are not faults of Shapewright. Each entry explains exactly one kind of failure. */
import type { RandomExperiment } from './randomExperiment.ts'

export interface ParityFault {
  readonly reason: string
  explains(message: string, drawn: RandomExperiment): boolean
}

/** The checker does not know the noise that the specs are trained on. */
export const parityFaults: readonly ParityFault[] = [
  {
    reason: 'the noise is not an index of an embedding, nor a category',
    explains: (message, drawn) =>
      message.includes('but a layer takes whole numbers from 0 to') && /embedding:|categoryEncoding:/.test(drawn.text),
  },
  {
    reason: 'randomWidth makes images narrower than a later layer crops',
    explains: (message, drawn) => / crops \d+x\d+ from images of /.test(message) && drawn.text.includes('randomWidth:'),
  },
  {
    reason: 'the loss becomes NaN, on both sides in the same epoch',
    explains: (message) => /^Error: The loss became NaN in epoch \d+\.$/.test(message),
  },
]
