// Prints how many images a second the MNIST CNN trains on, on the WASM engine and one thread.
import * as tf from '@tensorflow/tfjs'
import { startWasmEngine } from '../src/runtime/engines/wasmEngine.ts'

const engine = await startWasmEngine()
console.error(engine.detail)
for (const batchSize of [32, 128]) {
  const rate = measureTraining(batchSize, 1.5)
  console.log(`batch ${batchSize}: ${rate.toFixed(0)} images/s`)
}

/** Images a second: the best of three runs of `seconds` each. */
function measureTraining(batchSize: number, seconds: number): number {
  const model = mnistCnn()
  const optimizer = tf.train.sgd(0.01)
  const images = tf.randomUniform([batchSize, 28, 28, 1], 0, 1, 'float32', 1)
  const labels = tf.oneHot(tf.randomUniform([batchSize], 0, 10, 'int32', 2), 10).toFloat()
  const step = () =>
    tf.tidy(() => {
      optimizer.minimize(() => {
        const predictions = model.apply(images, { training: true }) as tf.Tensor
        return tf.metrics.categoricalCrossentropy(labels, predictions).mean() as tf.Scalar
      })
    })
  for (let i = 0; i < 3; i++) step()
  let best = 0
  for (let run = 0; run < 3; run++) {
    const start = performance.now()
    let steps = 0
    while (performance.now() - start < seconds * 1000) {
      step()
      steps++
    }
    best = Math.max(best, (steps * batchSize) / ((performance.now() - start) / 1000))
  }
  return best
}

function mnistCnn(): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [28, 28, 1] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 64, kernelSize: 3, padding: 'same', activation: 'relu' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  })
}
