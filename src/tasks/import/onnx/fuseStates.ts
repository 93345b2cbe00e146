/** Finds the final state of one recurrent layer of a stack, which PyTorch takes from the joined states of all of them. */
import type { OnnxNode } from './decodeModel.ts'
import { inputsOf, numberOf, storedNumber, textOf, type OnnxGraph } from './graph.ts'

const recurrent: ReadonlySet<string> = new Set(['LSTM', 'GRU', 'RNN'])

/** A row of states [directions, batch, units] that are joined along their directions is a row of one of the states. */
export function fuseStackedStates(graph: OnnxGraph, node: OnnxNode): OnnxNode | undefined {
  const [joined, place] = node.operator === 'Gather' ? node.inputs : []
  const states = inputsOf(graph, joined, 'Concat')
  const index = storedNumber(graph, place)
  if (states.length === 0 || index === undefined) return undefined
  if (numberOf(node, 'axis', 0) !== 0 || numberOf(graph.producer(joined!)!, 'axis', 0) !== 0) return undefined
  const rows: { readonly state: string; readonly row: number }[] = []
  for (const state of states) {
    const count = countDirections(graph, state)
    if (count === undefined) return undefined
    for (let row = 0; row < count; row += 1) rows.push({ state, row })
  }
  const found = rows.at(index)
  return found && { ...node, inputs: [found.state, place!], attributes: new Map([['row', found.row]]) }
}

/** The number of directions of a recurrent layer that computes final states; undefined for any other tensor. */
function countDirections(graph: OnnxGraph, tensor: string): number | undefined {
  const layer = graph.producer(tensor)
  if (layer === undefined || !recurrent.has(layer.operator) || layer.outputs[1] !== tensor) return undefined
  return textOf(layer, 'direction', 'forward') === 'bidirectional' ? 2 : 1
}
