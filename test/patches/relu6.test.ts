/** The layer reLU with `maxValue: 6` gives the same values and gradients by one kernel as by several. */
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { engineStarts } from '../runtime/engineStarts.ts'

const values = [-7, -1, -0, 0, 1e-30, 3, 5.999, 6.001, 100]
const rows = [
  {
    maxValue: 6,
    want: [0, 0, 0, 0, Math.fround(1e-30), 3, Math.fround(5.999), 6, 6],
    slopes: [0, 0, 0, 0, 1, 1, 1, 0, 0],
  },
  { maxValue: 4, want: [0, 0, 0, 0, Math.fround(1e-30), 3, 4, 4, 4], slopes: [0, 0, 0, 0, 1, 1, 0, 0, 0] },
] as const

for (const engine of ['cpu', 'wasm', 'node'] as const) {
  describe.skipIf(!(await engineStarts(engine)))(`on ${engine}`, () => {
    it.each(rows)('limits values to $maxValue', async ({ maxValue, want, slopes }) => {
      await startEngine(engine)
      const layer = tf.layers.reLU({ name: 'limited', maxValue })
      const run = () => tf.valueAndGrad((x) => layer.apply(x) as tf.Tensor)(tf.tensor1d(values))
      const { kernelNames, result } = await tf.profile(() => ({ ...run() }))
      const { value, grad } = result as unknown as ReturnType<typeof run>
      // The sign of a zero depends on the engine.
      expect([...value.dataSync()].map((one) => one + 0)).toEqual(want)
      expect([...grad.dataSync()]).toEqual(slopes)
      expect(kernelNames.includes('Relu6Grad')).toBe(engine === 'node' && maxValue === 6)
    })
  })
}
