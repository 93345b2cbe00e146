/** Every learning rate schedule of the language. */
import { constant } from './constant.ts'
import { cosine } from './cosine.ts'
import { exponential } from './exponential.ts'
import { multiStep } from './multiStep.ts'
import { oneCycle } from './oneCycle.ts'
import { polynomial } from './polynomial.ts'
import type { ScheduleDef } from '../../language/scheduleDef.ts'
import { step } from './step.ts'

export const scheduleTable: Readonly<Record<string, ScheduleDef>> = {
  constant,
  step,
  multiStep,
  exponential,
  cosine,
  polynomial,
  oneCycle,
}
