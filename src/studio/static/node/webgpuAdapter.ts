/** Takes the place of `runtime/engines/webgpuAdapter.ts` in the workers of the static page: a browser brings WebGPU with it. */
import type { GpuAdapter } from '../../../system/gpuAdapter.ts'
import { KnownError } from '../../../system/knownError.ts'
import { findPageAdapter } from '../pageAdapter.ts'

/** @throws KnownError if the browser offers no graphics card. */
export async function findAdapter(): Promise<GpuAdapter> {
  const found = await findPageAdapter()
  if (typeof found === 'string') throw new KnownError('engine', found, 'Use the wasm engine.')
  return found
}

/** @throws KnownError if the page was built without it. */
export async function loadBackend(): Promise<void> {
  const backend: object = await import('@tensorflow/tfjs-backend-webgpu')
  if ('WebGPUBackend' in backend) return
  throw new KnownError('engine', 'This page was built without the webgpu engine.', 'Use the wasm engine.')
}
