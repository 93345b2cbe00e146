/** Collects the errors of a graphics card, which WebGPU reports after the call that caused them. */
import { KnownError } from '../../system/knownError.ts'

/** The members of a WebGPU device that report errors. */
export interface WatchedDevice {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>
  addEventListener(event: 'uncapturederror', listener: (event: GpuErrorEvent) => void): void
}

interface GpuErrorEvent {
  readonly error: { readonly message: string; readonly constructor: { readonly name: string } }
  preventDefault?(): void
}

let first: KnownError | undefined

/** Remembers the first error of a device. Without it, errors are printed and the results of the failed calls are zeros. */
export function watchDevice(device: WatchedDevice): void {
  first = undefined
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault?.()
    const { error } = event
    first ??= error.constructor.name === 'GPUOutOfMemoryError' ? outOfMemory(error.message) : failed(error.message)
  })
  void device.lost.then(({ reason, message }) => {
    // `destroyed` is the end of the process.
    if (reason !== 'destroyed') first ??= failed(message)
  })
}

/** @throws KnownError if the graphics card reported an error since the last call. */
export function requireNoGpuError(): void {
  const error = first
  first = undefined
  if (error) throw error
}

function outOfMemory(message: string): KnownError {
  return new KnownError(
    'memory',
    `The graphics card has not enough memory: ${firstLine(message)}`,
    'Use a smaller batch, or train on another engine.',
  )
}

function failed(message: string): KnownError {
  return new KnownError(
    'engine',
    `The graphics card failed: ${firstLine(message)}`,
    'Update its driver, or train on another engine, such as `--backend node`.',
  )
}

function firstLine(message: string): string {
  return message.trim().split('\n')[0]!
}
