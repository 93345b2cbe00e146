/** Axes as tf.layers counts them: the batch is 0, the axes of a sample 1 to rank, and -1 is the last. */
import { badAxis } from '../diagnostics/shapeMessages.ts'
import { formatShape, type Shape } from './dims.ts'
import { problem, type LayerProblem } from './layerDef.ts'

/** The index of an axis, counted from 0 without the batch, or undefined if a sample has no such axis. */
export function sampleAxis(axis: number, rank: number): number | undefined {
  const index = axis < 0 ? rank + axis : axis - 1
  return index >= 0 && index < rank ? index : undefined
}

/** The problem that `shape` has no axis `axis`, the value of `option`. */
export function noSuchAxis(option: string, axis: number, shape: Shape): { ok: false; problem: LayerProblem } {
  const facts = { axis, rank: shape.length, shape: formatShape(shape) }
  return problem({ ...badAxis(facts), option, suggestions: [{ kind: 'set', option, value: -1 }] })
}
