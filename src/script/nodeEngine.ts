/** Starts the engine of scripts that are compiled for tfjs-node only. */
import { supplyRemovedFunctions } from '../patches/nodeUtil.ts'

/** Starts TensorFlow's C library. */
export async function startNodeEngine(): Promise<void> {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  supplyRemovedFunctions()
  await import('@tensorflow/tfjs-node')
}
