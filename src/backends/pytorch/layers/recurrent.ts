/** The recurrent layers in PyTorch: cells with the gates of tf.layers, run over the steps by a module of the script. */
import type { Shape } from '../../../language/dims.ts'
import { lookUp, readChoice, resolveOptions, type ChoiceValue, type PartDef } from '../../../language/schema.ts'
import { cellTable } from '../../../parts/layers/recurrent.ts'
import { layerDef } from '../../../parts/layers/table.ts'
import { printCall, type Options } from '../expression.ts'
import { printCellOptions, type CellOptions } from './cellOptions.ts'
import { printConvolutionCell } from './convolutionCell.ts'
import { nativeRecurrent } from './nativeRecurrent.ts'
import { defineForm, printDim, specLayout, moduleWithState, weightedStage, type LayerForm } from './form.ts'
import { stateOf, stateWithin, type StateEntry } from './state.ts'

interface StepOptions {
  readonly returnSequences: boolean
  readonly goBackwards: boolean
}

/** The Python class of each cell. */
const cellClasses: Readonly<Record<string, string>> = {
  simpleRNN: 'SimpleCell',
  simpleRNNCell: 'SimpleCell',
  gru: 'GRUCell',
  gruCell: 'GRUCell',
  lstm: 'LSTMCell',
  lstmCell: 'LSTMCell',
}

function printCell(type: string, options: CellOptions, inputs: string): string {
  const { gate_activation: gates, ...shared } = printCellOptions(options)
  return printCall(lookUp(cellClasses, type), [inputs, `${options.units}`], {
    ...shared,
    ...(type.startsWith('simpleRNN') ? {} : { gate_activation: gates }),
    reset_after: options.resetAfter === true ? 'True' : undefined,
  })
}

function cellState(module: string, { useBias }: Pick<CellOptions, 'useBias'>, place = 0): readonly StateEntry[] {
  const names = ['kernel', 'recurrent_kernel', ...(useBias ? ['bias'] : [])]
  return stateWithin(`cells.${place}`, stateOf(module, ...names))
}

function printSteps({ returnSequences, goBackwards }: StepOptions): Options {
  return {
    return_sequences: returnSequences ? 'True' : undefined,
    go_backwards: goBackwards ? 'True' : undefined,
  }
}

interface Steps {
  readonly module: string
  readonly state: readonly StateEntry[]
}

/** A module of PyTorch where it computes the same, which is many times faster than a cell that is called for each step. */
function stepsOf(
  type: string,
  { options, inputs, isMasked }: { readonly options: CellOptions & StepOptions; inputs: string; isMasked: boolean },
): Steps {
  const native = isMasked ? undefined : nativeRecurrent(type, options, inputs)
  if (native !== undefined)
    return {
      module: printCall('StepOutputs', [native.module], printSteps(options)),
      state: stateWithin('layer', native.state),
    }
  return {
    module: printCall('Recurrent', [printCell(type, options, inputs)], printSteps(options)),
    state: cellState(lookUp(cellClasses, type), options),
  }
}

export function defineRecurrentForm(type: 'simpleRNN' | 'gru' | 'lstm'): LayerForm {
  return defineForm<CellOptions & StepOptions>({
    wants: specLayout,
    gives: 'spec',
    stages({ options, inputs: [input], trainable, isMasked }) {
      const { module, state } = stepsOf(type, { options, inputs: printDim(input![1]!), isMasked })
      return [{ ...moduleWithState(module, trainable, state), takesMask: true }]
    },
  })
}

export const convLstm2d = defineForm<Parameters<typeof printConvolutionCell>[0] & StepOptions>({
  wants: specLayout,
  gives: 'spec',
  stages: ({ options, inputs: [input], trainable }) => [
    weightedStage(
      'Recurrent',
      [printConvolutionCell(options, input!)],
      printSteps(options),
      trainable,
      cellState('ConvLSTMCell', options),
    ),
  ],
})

export const rnn = defineForm<StepOptions & { readonly cell: ChoiceValue | readonly ChoiceValue[] }>({
  wants: specLayout,
  gives: 'spec',
  stages({ options, inputs: [input], trainable, isMasked }) {
    let width = printDim(input![1]!)
    const given = ([options.cell].flat() as ChoiceValue[]).map((value) => {
      const { type, options: stated } = readChoice(value)
      const { schema } = lookUp<PartDef>(cellTable, type)
      return { type, resolved: resolveOptions(schema, stated) as unknown as CellOptions }
    })
    const [only, ...more] = given
    if (more.length === 0) {
      const own = { options: { ...options, ...only!.resolved }, inputs: width, isMasked }
      const { module, state } = stepsOf(only!.type, own)
      return [{ ...moduleWithState(module, trainable, state), takesMask: true }]
    }
    const state: StateEntry[] = []
    const cells = given.map(({ type, resolved }, place) => {
      const cell = printCell(type, resolved, width)
      width = `${resolved.units}`
      state.push(...cellState(lookUp(cellClasses, type), resolved, place))
      return cell
    })
    return [{ ...weightedStage('Recurrent', cells, printSteps(options), trainable, state), takesMask: true }]
  },
})

/** A recurrent layer and its reversed copy. */
export const bidirectional = defineForm<{ readonly layer: ChoiceValue; readonly mergeMode: string }>({
  wants: specLayout,
  gives: 'spec',
  stages({ options, inputs: [input], trainable, isMasked }) {
    const { type, options: written } = readChoice(options.layer)
    const held = resolveOptions(layerDef(type).schema, written) as unknown as CellOptions & StepOptions
    const isTrained = trainable && written['trainable'] !== false
    const direction = (goBackwards: boolean) => directionOf(type, { ...held, goBackwards }, input!, isMasked)
    const mode = options.mergeMode === 'concat' ? [] : [`"${options.mergeMode}"`]
    const [ahead, back] = [direction(held.goBackwards), direction(!held.goBackwards)]
    const state = [...stateWithin('ahead', ahead.state), ...stateWithin('back', back.state)]
    const args = [ahead.module, back.module, ...mode]
    return [{ ...weightedStage('Bidirectional', args, {}, isTrained, state), takesMask: true }]
  },
})

function directionOf(type: string, options: CellOptions & StepOptions, input: Shape, isMasked: boolean): Steps {
  if (!('kernelSize' in options)) return stepsOf(type, { options, inputs: printDim(input[1]!), isMasked })
  const cell = printConvolutionCell(options as unknown as Parameters<typeof printConvolutionCell>[0], input)
  return { module: printCall('Recurrent', [cell], printSteps(options)), state: cellState('ConvLSTMCell', options) }
}
