/** The recurrent layers in PyTorch: cells with the gates of tf.layers, run over the steps by a module of the script. */
import type { Shape } from '../../../language/dims.ts'
import { readChoice, resolveOptions, type ChoiceValue, type PartDef } from '../../../language/schema.ts'
import { cellTable } from '../../../parts/layers/recurrent.ts'
import { layerDef } from '../../../parts/layers/table.ts'
import { printCall, type Options } from '../expression.ts'
import { printCellOptions, type CellOptions } from './cellOptions.ts'
import { printConvolutionCell } from './convolutionCell.ts'
import { defineForm, printDim, specLayout, weightedStage, type LayerForm } from './form.ts'
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
  return printCall(cellClasses[type]!, [inputs, `${options.units}`], {
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

export function defineRecurrentForm(type: 'simpleRNN' | 'gru' | 'lstm'): LayerForm {
  return defineForm<CellOptions & StepOptions>({
    wants: specLayout,
    gives: 'spec',
    stages: ({ options, inputs: [input], trainable }) => [
      {
        ...weightedStage(
          'Recurrent',
          [printCell(type, options, printDim(input![1]!))],
          printSteps(options),
          trainable,
          cellState(cellClasses[type]!, options),
        ),
        takesMask: true,
      },
    ],
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
  stages({ options, inputs: [input], trainable }) {
    let width = printDim(input![1]!)
    const state: StateEntry[] = []
    const cells = ([options.cell].flat() as ChoiceValue[]).map((value, place) => {
      const { type, options: stated } = readChoice(value)
      const { schema } = (cellTable as Readonly<Record<string, PartDef>>)[type]!
      const resolved = resolveOptions(schema, stated) as unknown as CellOptions
      const cell = printCell(type, resolved, width)
      width = `${resolved.units}`
      state.push(...cellState(cellClasses[type]!, resolved, place))
      return cell
    })
    return [{ ...weightedStage('Recurrent', cells, printSteps(options), trainable, state), takesMask: true }]
  },
})

/** A recurrent layer and its reversed copy. */
export const bidirectional = defineForm<{ readonly layer: ChoiceValue; readonly mergeMode: string }>({
  wants: specLayout,
  gives: 'spec',
  stages({ options, inputs: [input], trainable }) {
    const { type, options: written } = readChoice(options.layer)
    const held = resolveOptions(layerDef(type).schema, written) as unknown as CellOptions & StepOptions
    const isTrained = trainable && written['trainable'] !== false
    const direction = (goBackwards: boolean) =>
      printCall('Recurrent', [cellOf(type, held, input!)], printSteps({ ...held, goBackwards }))
    const mode = options.mergeMode === 'concat' ? [] : [`"${options.mergeMode}"`]
    const directions = [direction(held.goBackwards), direction(!held.goBackwards)]
    const own = cellState(cellClasses[type] ?? 'ConvLSTMCell', held)
    const state = [...stateWithin('ahead', own), ...stateWithin('back', own)]
    return [{ ...weightedStage('Bidirectional', [...directions, ...mode], {}, isTrained, state), takesMask: true }]
  },
})

function cellOf(type: string, options: CellOptions, input: Shape): string {
  return 'kernelSize' in options
    ? printConvolutionCell(options as unknown as Parameters<typeof printConvolutionCell>[0], input)
    : printCell(type, options, printDim(input[1]!))
}
