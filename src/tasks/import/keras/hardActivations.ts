/** The activations of Keras that limit a line with a slope of 1/6, as layers of the language. */
import type { Dialect } from './kerasModel.ts'
import type { Step } from './layerForm.ts'

/** x / 6 + 0.5, kept between 0 and 1. */
const gate: readonly Step[] = [
  { type: 'rescaling', options: { scale: 1 / 6, offset: 0.5 } },
  { type: 'reLU', options: { maxValue: 1 } },
]
const gated: readonly Step[] = [...gate, { type: 'multiply', options: {}, takes: [3, 1] }]

/** Returns the layers of an activation, if it is one of these. The `hard_sigmoid` of other versions has a slope of 1/5. */
export function hardActivation(name: string, dialect: Dialect): readonly Step[] | undefined {
  if (name === 'hard_sigmoid') return dialect === 'keras3' ? gate : undefined
  return name === 'hard_silu' || name === 'hard_swish' ? gated : undefined
}
