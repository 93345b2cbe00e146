import type { Gpu, GpuAdapter } from '../../system/gpuAdapter.ts'

/** Returns the graphics card that the browser offers to this page or worker, or a sentence that says why it offers no card. */
export async function findPageAdapter(): Promise<GpuAdapter | string> {
  const { gpu } = navigator as { gpu?: Gpu }
  if (gpu === undefined) {
    return isSecureContext
      ? 'This browser has no WebGPU.'
      : 'Browsers offer WebGPU only to pages from https:// or this machine.'
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
  return adapter ?? 'This browser finds no graphics card for WebGPU.'
}
