import * as tf from '@tensorflow/tfjs'
import { KnownError } from '../../system/knownError.ts'
import { fixGradients } from '../../patches/fixGradients.ts'
import { poolFirstInTraining } from '../../patches/poolingFirst.ts'
import { countCategoriesOnWebgpu } from '../../patches/webgpuCategories.ts'
import { fixWebgpuKernels } from '../../patches/webgpuKernels.ts'
import { fixWebgpuRanks } from '../../patches/webgpuRanks.ts'
import { type EngineInfo } from './engineInfo.ts'
import { watchDevice, type WatchedDevice } from './gpuErrors.ts'
import { describeAdapter, type GpuAdapter } from '../../system/gpuAdapter.ts'
import { findAdapter, loadBackend } from './webgpuAdapter.ts'

/** The adapter in use: finding it again would create a second device. */
let adapter: GpuAdapter | undefined

/**
 * Starts the `webgpu` engine: the WebGPU backend of TensorFlow.js on a graphics card. It computes asynchronously, so values
 * are read by `fetchValues`.
 *
 * @throws KnownError if the packages are missing or there is no graphics card.
 */
export async function startWebgpuEngine(): Promise<EngineInfo> {
  adapter ??= await startDevice()
  await tf.setBackend('webgpu')
  return {
    name: 'webgpu',
    version: tf.version.tfjs,
    detail: `TensorFlow.js ${tf.version.tfjs} on ${describeAdapter(adapter)}`,
    ...(adapter.info.isFallbackAdapter && { isSoftware: true }),
  }
}

async function startDevice(): Promise<GpuAdapter> {
  tf.enableProdMode()
  const found = await findAdapter()
  await loadBackend()
  if (!(await tf.setBackend('webgpu'))) {
    throw new KnownError(
      'engine',
      `The webgpu engine did not start on ${describeAdapter(found)}.`,
      'Update the driver of the graphics card.',
    )
  }
  await tf.ready()
  watchDevice((tf.backend() as unknown as { readonly device: WatchedDevice }).device)
  fixWebgpuKernels()
  fixWebgpuRanks()
  countCategoriesOnWebgpu()
  fixGradients()
  poolFirstInTraining()
  return found
}
