import * as tf from '@tensorflow/tfjs'
import { fixGradients } from '../../patches/fixGradients.ts'
import { poolFirstInTraining } from '../../patches/poolingFirst.ts'
import { type EngineInfo } from './engineInfo.ts'

/** Starts the `cpu` engine: TensorFlow.js in plain JavaScript. It runs anywhere, but hundreds of times slower. */
export async function startCpuEngine(): Promise<EngineInfo> {
  // Without it, TensorFlow.js prints a banner that recommends tfjs-node.
  tf.enableProdMode()
  await tf.setBackend('cpu')
  await tf.ready()
  fixGradients()
  poolFirstInTraining()
  return {
    name: 'cpu',
    version: tf.version.tfjs,
    detail: `TensorFlow.js ${tf.version.tfjs} in plain JavaScript`,
  }
}
