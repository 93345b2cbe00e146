/**
 * Recurrent layers with one cell: simpleRNN, gru, lstm. A cell has one kernel for its input and one for its state, each
 * with `units` columns per gate; the layer runs the cell over the steps of a sequence.
 */
import { callsTo } from '../../language/calls.ts'
import { activationNames, type ActivationName } from '../../language/activations.ts'
import * as Type from 'typebox'
import { unknownSize } from '../../diagnostics/shapeMessages.ts'
import { formatShape, isKnown, type Shape } from '../../language/dims.ts'
import { checkEngineLimits, type EngineLimit } from '../../language/engineLimits.ts'
import {
  biasFields,
  constraintField,
  count,
  flag,
  initializerField,
  kernelFields,
  oneOf,
  regularizerField,
} from '../../language/fields.ts'
import { defineLayer, ok, problem, type LayerProblem, type NodePatch, type Weight } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { checkInputKind } from '../../language/rank.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'

const call = callsTo<typeof import('./gru.run.ts')>()

const rate = (of: string) =>
  withDefault(
    Type.Number({
      description: `The fraction of the ${of} to set to zero during training.`,
      minimum: 0,
      exclusiveMaximum: 1,
      examples: [0.2],
    }),
    0,
  )

const activationField = (description: string, byDefault: ActivationName) =>
  withDefault(oneOf(activationNames, { description, examples: ['relu'] }), byDefault)

/** The fields of all cells, except `units`. */
export const cellFields = {
  activation: activationField('The activation function of the new state.', 'tanh'),
  ...kernelFields,
  recurrentInitializer: initializerField('recurrent kernel', 'orthogonal'),
  recurrentRegularizer: regularizerField('recurrent kernel'),
  recurrentConstraint: constraintField('recurrent kernel'),
  ...biasFields,
  dropout: rate('input'),
  recurrentDropout: rate('state'),
}

/** The additional fields of cells with gates. */
export const gateFields = {
  recurrentActivation: activationField('The activation function of the gates.', 'hardSigmoid'),
  implementation: Type.Optional(
    Type.Integer({
      description: 'The implementation; TensorFlow.js uses the second in either case.',
      minimum: 1,
      maximum: 2,
      examples: [2],
    }),
  ),
}

const units = count('The number of values in the state, which is also the output of each step.', 64)
const unitForgetBias = flag(
  'Whether to initialize the bias of the forget gate to 1, so that the state is kept at first.',
  false,
)
const resetAfterField = flag(
  'Whether the reset gate is applied after the recurrent kernel, which then has its own bias, as in Keras. tf.layers applies it before.',
  false,
)

export { unitForgetBias }

/** The fields that state how a layer runs its cell over the steps. */
export const stepFields = {
  returnSequences: flag('Whether to return the output of every step instead of only the last.', false),
  goBackwards: flag('Whether to process the steps in reverse order.', false),
  stateful: flag(
    'Whether the state at the end of a batch is the initial state of the next. Not implemented: only `false` is accepted.',
    false,
  ),
  unroll: flag(
    'Whether to unroll the steps instead of using a loop. Not implemented: only `false` is accepted.',
    false,
  ),
}

export interface StepOptions {
  readonly stateful: boolean
  readonly unroll: boolean
}

export function stepLimits(options: StepOptions): readonly EngineLimit[] {
  const batch =
    'keeping the state between batches needs consecutive batches of equal size, but training shuffles, and the last batch may be smaller'
  return [
    { option: 'stateful', applies: options.stateful, why: batch },
    { option: 'unroll', applies: options.unroll, why: 'the steps are always processed one by one' },
  ]
}

/** A kind of cell. */
export interface CellKind {
  /** The number of gates, including the new state: 1 for simpleRNN, 3 for gru, 4 for lstm. */
  readonly gates: number
  readonly description: string
}

const simple = {
  gates: 1,
  description:
    'A simple recurrent layer: the new state is the activation of input and state, each multiplied by a kernel.',
}
const gru = { gates: 3, description: 'A gated recurrent unit (Cho et al., 2014).' }
const lstm = { gates: 4, description: 'A long short-term memory (Hochreiter and Schmidhuber, 1997).' }

const simpleFields = { units, ...cellFields }
const gruFields = { units, ...cellFields, ...gateFields, resetAfter: resetAfterField }
const lstmFields = { units, ...cellFields, ...gateFields, unitForgetBias }

/** The cells that `rnn` runs, by the names of their factories. */
export const cellTable = {
  simpleRNNCell: {
    ...simple,
    schema: fieldsOf(simpleFields, simple.description),
    aliases: { same: ['rnn', 'simpleRNN'], near: ['nn.RNNCell', 'RNNCell'] },
  },
  gruCell: { ...gru, schema: fieldsOf(gruFields, gru.description), aliases: { same: ['gru'], near: ['nn.GRUCell'] } },
  lstmCell: {
    ...lstm,
    schema: fieldsOf(lstmFields, lstm.description),
    aliases: { same: ['lstm'], near: ['nn.LSTMCell'] },
  },
}

/** The options of any cell that determine its weights and operations. */
export type CellOptions = {
  readonly units: number
  readonly useBias: boolean
  readonly resetAfter?: boolean
  readonly dropout?: number
  readonly recurrentDropout?: number
}

export function cellWeights(options: CellOptions, gates: number, inputs: number): readonly Weight[] {
  const { units: size, useBias, resetAfter } = options
  const bias = resetAfter === true ? [2, size * gates] : [size * gates]
  return [
    { name: 'kernel', shape: [inputs, size * gates], trainable: true },
    { name: 'recurrentKernel', shape: [size, size * gates], trainable: true },
    ...(useBias ? [{ name: 'bias', shape: bias, trainable: true }] : []),
  ]
}

/** Whether a cell applies its reset gate after the recurrent kernel, for which tf.layers throws. */
export function resetsAfter(options: object): boolean {
  return (options as CellOptions).resetAfter === true
}

/** The operations of one step, for both kernels. */
export function cellFlops({ units: size }: CellOptions, gates: number, inputs: number): number {
  return 2 * size * gates * (inputs + size)
}

/** Undefined if `input` is a sequence of vectors of known size; otherwise the problem. */
export function notASequence(layer: string, input: Shape): { ok: false; problem: LayerProblem } | undefined {
  const misfit = checkInputKind(layer, 'sequence', input)
  if (misfit) return misfit
  if (isKnown(input[1])) return undefined
  return problem(unknownSize({ layer, what: 'the number of values per step', input: formatShape(input) }))
}

/** TensorFlow.js unstacks the steps, and the gradient of that throws for a single step. */
export function patchesOfSteps([steps]: Shape): readonly NodePatch[] {
  return isKnown(steps!) && steps > 1 ? [] : ['fixUnstacking']
}

function defineRecurrent(
  factory: 'simpleRNN' | 'gru' | 'lstm',
  { gates, description }: CellKind,
  fields: typeof simpleFields,
) {
  const schema = fieldsOf({ ...fields, ...stepFields }, description)
  return defineLayer({
    schema,
    shape(options, [input]) {
      const limit = checkEngineLimits(factory, stepLimits(options))
      if (limit) return limit
      return notASequence(factory, input) ?? ok(options.returnSequences ? [input[0]!, options.units] : [options.units])
    },
    weights: (options, [input]) => cellWeights(options, gates, input[1] as number),
    flops(options, [input]) {
      const [steps] = input
      return isKnown(steps) ? steps * cellFlops(options, gates, input[1] as number) : 0
    },
    keepsSteps: 'returnSequences',
    masks: ({ returnSequences }) => ({ reads: 'steps', passes: returnSequences }),
    nodePatches: (_options, [input]) => patchesOfSteps(input),
    lower: (options) =>
      resetsAfter(options) ? call('gruLayer', given(schema, options)) : layerCall(factory, given(schema, options)),
  })
}

export const recurrentLayers = {
  simpleRNN: defineRecurrent('simpleRNN', simple, simpleFields),
  gru: defineRecurrent('gru', gru, gruFields),
  lstm: defineRecurrent('lstm', lstm, lstmFields),
}
