/** Translates the layers that other layers hold: of `bidirectional` and `timeDistributed`, and the cells of `rnn`. */
import { isDeepStrictEqual } from 'node:util'
import { lookUp, type ChoiceValue, type PartDef } from '../../../language/schema.ts'
import { cellTable } from '../../../parts/layers/recurrent.ts'
import { asObject, isList, isObject, showJson, type Json } from '../readJson.ts'
import type { GivenLayer, LayerForm, Step } from './layerForm.ts'
import { translateOptions } from './translateOptions.ts'

const nothing: ChoiceValue = 'unknown'

/** Translates a layer in a layer. Reports it if the language has none like it. */
function translateHeld(value: Json | undefined, outer: GivenLayer, inputs = outer.inputs): ChoiceValue {
  const className = asObject(value)?.['class_name']
  const config = asObject(asObject(value)?.['config']) ?? {}
  const place = `${outer.place}.layer`
  const steps = outer.translation.translateClass(String(className), { ...outer, config, place, inputs })
  if (steps === undefined) {
    outer.translation.problems.add(place, `there is no layer like ${showJson(className)}`)
    return nothing
  }
  if (steps.length > 1) outer.translation.problems.add(place, 'it would be several layers, but a layer holds one')
  return choiceOf(steps[0]!)
}

/** Translates a layer that is applied to each step of a sequence. */
export function translateTimeDistributed(given: GivenLayer, form: LayerForm): Step {
  const ofStep = given.inputs.map((shape) => shape.slice(1))
  return { type: form.type, options: { layer: translateHeld(given.config['layer'], given, ofStep) } }
}

function choiceOf({ type, options }: Step): ChoiceValue {
  return Object.keys(options).length === 0 ? type : { [type]: options }
}

/** Translates a layer that runs in both directions. A backward layer of its own must mirror the forward one. */
export function translateBidirectional(given: GivenLayer, form: LayerForm): Step {
  const { layer, backward_layer: backward, merge_mode: merge = 'concat' } = given.config
  const held = translateHeld(layer, given)
  if (merge === null) {
    given.translation.problems.add(`${given.place}: merge_mode`, 'there is no option to give both outputs')
  }
  if (isObject(backward) && !isDeepStrictEqual(directed(translateHeld(backward, given), true), directed(held, false))) {
    given.translation.problems.add(`${given.place}: backward_layer`, 'it differs from the forward layer')
  }
  return {
    type: form.type,
    options: { layer: held, ...(merge !== 'concat' && merge !== null && { mergeMode: merge }) },
  }
}

/** A layer with its direction stated, which is turned if wanted. */
function directed(choice: ChoiceValue, isTurned: boolean): ChoiceValue {
  const [[type, given] = ['', null]] = Object.entries(typeof choice === 'string' ? { [choice]: null } : choice)
  const options: Readonly<Record<string, unknown>> = given ?? {}
  return { [type]: { ...options, goBackwards: (options['goBackwards'] === true) !== isTurned } }
}

/** The cell of a layer `RNN`, or the list of its stacked cells. */
export function translateCells(given: GivenLayer): ChoiceValue | readonly ChoiceValue[] {
  const { cell, cells: listed } = given.config
  // TensorFlow.js lists the cells in the layer, Keras in a cell that stacks them.
  const stacked = listed ?? asObject(asObject(cell)?.['config'])?.['cells']
  const cells = isList(cell) ? cell : isList(stacked) ? stacked : undefined
  return cells === undefined ? cellOf(cell, given) : cells.map((one) => cellOf(one, given))
}

function cellOf(value: Json | undefined, given: GivenLayer): ChoiceValue {
  const className = String(asObject(value)?.['class_name'])
  const type = { SimpleRNNCell: 'simpleRNNCell', GRUCell: 'gruCell', LSTMCell: 'lstmCell' }[className]
  const place = `${given.place}.cell`
  if (type === undefined) {
    given.translation.problems.add(place, `there is no cell like \`${className}\``)
    return nothing
  }
  const config = asObject(asObject(value)?.['config']) ?? {}
  const definition = lookUp<PartDef>(cellTable, type)
  return choiceOf({ type, options: translateOptions(definition, config, {}, place, given.translation) })
}
