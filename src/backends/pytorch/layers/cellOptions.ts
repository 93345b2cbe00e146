/** The options that all recurrent cells share, as arguments of their Python classes. */
import type { Options } from '../expression.ts'
import { activationForms } from './activations.ts'

export interface CellOptions {
  readonly units: number
  readonly activation: string
  readonly recurrentActivation?: string
  readonly useBias: boolean
  readonly resetAfter?: boolean
  readonly dropout: number
  readonly recurrentDropout: number
}

/** The options that all cells share: activations by name, the bias, and the dropout of input and state. */
export function printCellOptions(options: Omit<CellOptions, 'units'>): Options {
  const { activation, recurrentActivation = 'hardSigmoid', useBias, dropout, recurrentDropout } = options
  return {
    activation: activation === 'tanh' ? undefined : activationForms[activation]!.name,
    gate_activation: recurrentActivation === 'hardSigmoid' ? undefined : activationForms[recurrentActivation]!.name,
    bias: useBias ? undefined : 'False',
    dropout: dropout === 0 ? undefined : `${dropout}`,
    recurrent_dropout: recurrentDropout === 0 ? undefined : `${recurrentDropout}`,
  }
}
