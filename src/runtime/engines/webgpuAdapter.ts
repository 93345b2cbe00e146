/** Loads WebGPU for Node.js and finds the graphics card, for the webgpu engine. */
import { KnownError } from '../../system/knownError.ts'
import { describeAdapter, type Gpu, type GpuAdapter } from '../../system/gpuAdapter.ts'

/** The package `webgpu`: Dawn, the WebGPU of Chromium, as an addon of Node.js. */
interface WebgpuPackage {
  create(flags: readonly string[]): Gpu
  readonly globals: Readonly<Record<string, unknown>>
}

const backendPackage = '@tensorflow/tfjs-backend-webgpu'
const installCommand = `npm install webgpu ${backendPackage}@4.22.0`

/** Set to `software`, it allows adapters that compute on the processor, for tests. */
const setting = 'SHAPEWRIGHT_WEBGPU'

/**
 * Returns the adapter that the backend will use, and makes WebGPU available to it as `navigator.gpu`.
 *
 * @throws KnownError if a package is missing, or there is no adapter other than one in software.
 */
export async function findAdapter(): Promise<GpuAdapter> {
  const { create, globals } = (await importOptional('webgpu')) as WebgpuPackage
  Object.assign(globalThis, globals)
  const gpu = create([])
  provideGpu(gpu)
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) {
    throw new KnownError('engine', 'WebGPU finds no graphics card.', driverHelp())
  }
  if (adapter.info.isFallbackAdapter && process.env[setting] !== 'software') {
    throw new KnownError(
      'engine',
      `WebGPU finds no graphics card, only ${describeAdapter(adapter)}, which computes on the processor and is slower than the other engines.`,
      `${driverHelp()} To use it all the same, set ${setting}=software.`,
    )
  }
  return adapter
}

/** Loads the backend of TensorFlow.js, which needs `navigator.gpu`. @throws KnownError if it is missing. */
export async function loadBackend(): Promise<void> {
  await importOptional(backendPackage)
}

/** Imports a package that is installed only where someone uses it. Its name is a value, so that bundlers leave it alone. */
async function importOptional(name: string): Promise<unknown> {
  try {
    return await import(name)
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : error
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    throw new KnownError(
      'engine',
      isMissing
        ? `The webgpu engine is not installed: the package ${name} is missing.`
        : `The package ${name} does not work here: ${reason}`,
      `Run \`${installCommand}\`, which downloads 54 MB.`,
    )
  }
}

/** Node.js has a `navigator` from version 21 on, without `gpu`. */
function provideGpu(gpu: Gpu): void {
  const place = globalThis as { navigator?: object }
  if (place.navigator === undefined) {
    Object.defineProperty(place, 'navigator', { value: {}, configurable: true, writable: true })
  }
  Object.defineProperty(place.navigator, 'gpu', { value: gpu, configurable: true })
}

function driverHelp(): string {
  if (process.platform !== 'linux') return 'Update the driver of the graphics card.'
  return 'Install the Vulkan driver of the graphics card and its loader, on Debian `libvulkan1`; `vulkaninfo --summary` lists the cards.'
}
