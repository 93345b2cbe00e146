/** The recurrent layers that `nn.RNN`, `nn.LSTM` and `nn.GRU` compute as the language has them. */
import type { ChoiceValue } from '../../../language/schema.ts'
import { readChoice } from '../../../language/schema.ts'
import { printCall } from '../expression.ts'
import type { CellOptions } from './cellOptions.ts'
import type { StateEntry } from './state.ts'

type Cell = CellOptions & Readonly<Record<string, unknown>>

interface NativeForm {
  readonly callee: string
  readonly fits: (options: Cell) => boolean
  readonly bias: Pick<StateEntry, 'second' | 'gates'>
  /** The places in the language of the gates, in their order in PyTorch. */
  readonly gates?: readonly number[]
}

const hasGates = ({ activation, recurrentActivation }: Cell) =>
  activation === 'tanh' && recurrentActivation === 'sigmoid'

const zeroBias = { name: 'bias_hh_l0', from: 'zeros' } as const

/** The gates of `nn.GRU` are reset, update and new. Each has two biases, as in Keras, so both are trained. */
const gru: NativeForm = {
  callee: 'nn.GRU',
  fits: (options) => options.resetAfter === true && hasGates(options) && (!options.useBias || hasPlainBias(options)),
  gates: [1, 0, 2],
  bias: { second: { name: 'bias_hh_l0', from: 'rows' } },
}
const lstm: NativeForm = { callee: 'nn.LSTM', fits: hasGates, bias: { second: zeroBias } }
const simple: NativeForm = {
  callee: 'nn.RNN',
  fits: ({ activation }) => activation === 'tanh' || activation === 'relu',
  bias: { second: zeroBias },
}

const forms: Readonly<Record<string, NativeForm>> = {
  simpleRNN: simple,
  simpleRNNCell: simple,
  gru,
  gruCell: gru,
  lstm,
  lstmCell: lstm,
}

/** Whether a bias that is two parameters in PyTorch starts with zeros, without a penalty or a constraint. */
function hasPlainBias({ biasInitializer, biasRegularizer, biasConstraint }: Cell): boolean {
  const isZero = readChoice(biasInitializer as ChoiceValue).type === 'zeros'
  return isZero && biasRegularizer === undefined && biasConstraint === undefined
}

export interface NativeRecurrent {
  /** The module, whose parameters are in `state`. */
  readonly module: string
  readonly state: readonly StateEntry[]
}

/**
 * @param type The name of the layer or the cell.
 * @returns Undefined if PyTorch computes it in another way, and a cell has to be called for each step.
 */
export function nativeRecurrent(type: string, options: CellOptions, inputs: string): NativeRecurrent | undefined {
  const form = forms[type]
  if (form === undefined || options.dropout > 0 || options.recurrentDropout > 0 || !form.fits(options as Cell))
    return undefined
  const { callee, gates, bias } = form
  const module = printCall(callee, [inputs, `${options.units}`], {
    nonlinearity: callee === 'nn.RNN' && options.activation === 'relu' ? '"relu"' : undefined,
    bias: options.useBias ? undefined : 'False',
    batch_first: 'True',
  })
  const own = { module: callee, ...(gates && { gates }) }
  return {
    module,
    state: [
      { ...own, name: 'weight_ih_l0', axes: 'kernel' },
      { ...own, name: 'weight_hh_l0', axes: 'kernel' },
      ...(options.useBias ? [{ ...own, ...bias, name: 'bias_ih_l0', axes: 'same' } as const] : []),
    ],
  }
}
