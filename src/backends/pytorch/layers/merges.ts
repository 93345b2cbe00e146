/** The layers that merge values in PyTorch. */
import type { Shape } from '../../../language/dims.ts'
import { sampleAxis } from '../../../language/axes.ts'
import { atom, axisOf, defineForm, anyLayout, specLayout, type LayerForm } from './form.ts'

/** Merges of values whose shapes are stretched as in NumPy: an input with fewer axes gets axes of size 1 after the batch. */
function defineMergeForm(merge: (inputs: readonly string[]) => string): LayerForm {
  return defineForm({
    wants: (_options, inputs) => (inputs.every(({ length }) => length === inputs[0]!.length) ? 'any' : 'spec'),
    stages({ inputs }) {
      const rank = Math.max(...inputs.map(({ length }) => length))
      const aligned = (x: string, index: number) => {
        const missing = rank - inputs[index]!.length
        return missing === 0 ? x : `${atom(x)}[:${', None'.repeat(missing)}]`
      }
      return [{ call: (...values) => merge(values.map(aligned)) }]
    },
  })
}

const nested = (name: string) => (inputs: readonly string[]) =>
  inputs.reduce((left, right) => `${name}(${left}, ${right})`)

export const add = defineMergeForm((inputs) => inputs.join(' + '))
export const average = defineMergeForm((inputs) => `(${inputs.join(' + ')}) / ${inputs.length}`)
export const multiply = defineMergeForm((inputs) => inputs.map(atom).join(' * '))
export const maximum = defineMergeForm(nested('torch.maximum'))
export const minimum = defineMergeForm(nested('torch.minimum'))

export const concatenate = defineForm<{ readonly axis: number }>({
  wants: anyLayout,
  stages({ options, inputs: [first], layout }) {
    const rank = first!.length
    const dim = axisOf(sampleAxis(options.axis, rank)!, rank, layout)
    return [{ call: (...values) => `torch.cat((${values.join(', ')}), dim=${dim})` }]
  },
})

export const dot = defineForm<{ readonly axes: number | readonly [number, number]; readonly normalize: boolean }>({
  wants: specLayout,
  gives: 'spec',
  stages({ options, inputs }) {
    const [left, right] = inputs as readonly [Shape, Shape]
    const [ofLeft, ofRight] = typeof options.axes === 'number' ? [options.axes, options.axes] : options.axes
    const [a, b] = [sampleAxis(ofLeft, left.length)!, sampleAxis(ofRight, right.length)!]
    const lettersOf = (shape: Shape, letters: string, summed: number) =>
      shape.map((_size, axis) => (axis === summed ? 's' : letters[axis]!))
    const [first, second] = [lettersOf(left, 'ij', a), lettersOf(right, 'kl', b)]
    const rest = [...first, ...second].filter((letter) => letter !== 's').join('')
    const formula = `"b${first.join('')},b${second.join('')}->b${rest}"`
    const unit = (x: string, axis: number) =>
      options.normalize ? `F.normalize(${x}, dim=${axis + 1}, eps=1e-7**0.5)` : x
    const end = rest === '' ? '.unsqueeze(1)' : ''
    return [{ call: (x, y) => `torch.einsum(${formula}, ${unit(x!, a)}, ${unit(y!, b)})${end}` }]
  },
})
