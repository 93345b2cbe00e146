/** A recurrent layer that runs one cell, or several stacked on each other. */
import * as Type from 'typebox'
import { isKnown, type Shape } from '../../language/dims.ts'
import { checkEngineLimits, type EngineLimit } from '../../language/engineLimits.ts'
import { call, type Call, type Expressible } from '../../language/expression.ts'
import { findConstraintMisfit } from '../../language/constraints.ts'
import { findInitializerMisfit } from '../../language/initializers.ts'
import { defineLayer, ok, problem, type Weight } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import {
  cellFlops,
  cellTable,
  cellWeights,
  notASequence,
  patchesOfSteps,
  resetsAfter,
  stepFields,
  stepLimits,
  type CellKind,
  type CellOptions,
} from './recurrent.ts'
import {
  choiceAmong,
  fieldsOf,
  lookUp,
  readChoice,
  resolveOptions,
  type ChoiceValue,
  type PartDef,
} from '../../language/schema.ts'

const cell = choiceAmong(cellTable, 'A cell: its type and options.')

const schema = fieldsOf(
  {
    cell: Type.Unsafe<ChoiceValue | readonly ChoiceValue[]>({
      description:
        'The cell that computes each step, or a stack of cells, each applied to the output of the previous one.',
      examples: [{ gruCell: { units: 64 } }, [{ lstmCell: { units: 64 } }, { lstmCell: { units: 32 } }]],
      anyOf: [...(cell as unknown as { anyOf: object[] }).anyOf, { type: 'array', items: cell, minItems: 1 }],
    }),
    ...stepFields,
  },
  'Runs a cell, or a stack of cells, over the steps of a sequence.',
)

interface Cell extends CellKind {
  readonly type: string
  readonly options: CellOptions
}

function readCells(value: ChoiceValue | readonly ChoiceValue[]): readonly Cell[] {
  return ([value].flat() as ChoiceValue[]).map((one) => {
    const { type, options } = readChoice(one)
    const { gates, description, schema: fields } = lookUp<CellKind & PartDef>(cellTable, type)
    return { type, gates, description, options: resolveOptions(fields, options) as unknown as CellOptions }
  })
}

/** Each cell with the size of its input: the values of a step for the first, then the units of the previous cell. */
function withInputs(cells: readonly Cell[], sequence: Shape): readonly { cell: Cell; inputs: number }[] {
  return cells.map((one, index) => ({
    cell: one,
    inputs: index === 0 ? (sequence[1] as number) : cells[index - 1]!.options.units,
  }))
}

function lowerCell({ type, options }: Cell, name: string): Call {
  const { schema: fields } = lookUp<PartDef>(cellTable, type)
  const callee = resetsAfter(options) ? 'gruCellLayer' : `tf.layers.${type}`
  return call(callee, { name, ...given(fields, options) } as Expressible)
}

/** Only simpleRNN, gru and lstm discard the dropout masks of their cell after each call; `RNN.call` keeps them (recurrent.js). */
function keptMaskLimit({ dropout, recurrentDropout }: CellOptions): EngineLimit {
  return {
    option: (dropout ?? 0) > 0 ? 'dropout' : 'recurrentDropout',
    applies: (dropout ?? 0) > 0 || (recurrentDropout ?? 0) > 0,
    why: 'values dropped in the first training step stay dropped, also in prediction',
    help: 'use `lstm`, `gru` or `simpleRNN`, which draw again in each step',
  }
}

export const rnn = defineLayer({
  aliases: { options: { cell: { same: ['cells'] } } },
  schema,
  shape(options, [input]) {
    const cells = readCells(options.cell)
    const inCell = checkEngineLimits(
      'rnn',
      cells.map(({ options: own }) => keptMaskLimit(own)),
    )
    if (inCell) return { ok: false, problem: { ...inCell.problem, option: 'cell', suggestions: [] } }
    const limit = checkEngineLimits('rnn', stepLimits(options))
    if (limit) return limit
    const misfit = notASequence('rnn', input)
    if (misfit) return misfit
    for (const { cell: one, inputs } of withInputs(cells, input)) {
      const made = cellWeights(one.options, one.gates, inputs)
      const found = findInitializerMisfit({ ...one.options }, made) ?? findConstraintMisfit({ ...one.options }, made)
      if (found) return problem({ ...found, option: 'cell', suggestions: [] })
    }
    const { units } = cells.at(-1)!.options
    return ok(options.returnSequences ? [input[0]!, units] : [units])
  },
  weights(options, [input]) {
    const cells = withInputs(readCells(options.cell), input)
    return cells.flatMap(({ cell: one, inputs }, index): readonly Weight[] => {
      const weights = cellWeights(one.options, one.gates, inputs)
      return cells.length === 1
        ? weights
        : weights.map(({ name, shape, trainable }) => ({ name: `cell${index}/${name}`, shape, trainable }))
    })
  },
  flops(options, [input]) {
    const [steps] = input
    const cells = withInputs(readCells(options.cell), input)
    const each = cells.map(({ cell: one, inputs }) => cellFlops(one.options, one.gates, inputs))
    return isKnown(steps) ? steps * each.reduce((sum, flops) => sum + flops, 0) : 0
  },
  keepsSteps: 'returnSequences',
  masks: ({ returnSequences }) => ({ reads: 'steps', passes: returnSequences }),
  nodePatches: (_options, [input]) => patchesOfSteps(input),
  lower({ cell: value, ...rest }, { name }) {
    const cells = readCells(value)
    const lowered = cells.map((one, index) =>
      lowerCell(one, cells.length === 1 ? `${name}_cell` : `${name}_cell_${index}`),
    )
    return layerCall('rnn', {
      cell: lowered.length === 1 ? lowered[0]! : lowered,
      ...given(fieldsOf(stepFields, ''), rest),
    })
  },
})
