/** A graphics card with its driver, as WebGPU describes it. */
export interface GpuAdapter {
  readonly info: {
    readonly vendor: string
    readonly architecture: string
    readonly device: string
    /** The name and the version of the driver. */
    readonly description: string
    /** Whether it computes on the processor. */
    readonly isFallbackAdapter: boolean
  }
}

/** The entry of WebGPU, `navigator.gpu`. */
export interface Gpu {
  requestAdapter(options: { readonly powerPreference: string }): Promise<GpuAdapter | null>
}

/** The card and its driver: "NVIDIA RTX A2000 (driver 550.54)". */
export function describeAdapter({ info }: GpuAdapter): string {
  const card = info.device || [info.vendor, info.architecture].filter((part) => part !== '').join(' ') || 'unknown card'
  return info.description === '' ? card : `${card} (${info.description})`
}
