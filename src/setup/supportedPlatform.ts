import { KnownError } from '../system/knownError.ts'

/** Why the native part cannot work on this machine, or undefined where it can. */
export function platformProblem(): string | undefined {
  const { platform, arch } = process
  if (platform === 'linux' && isMusl()) return 'libtensorflow is built for glibc, and this Linux has musl'
  if (arch !== 'x64' && arch !== 'arm64') return `there is no libtensorflow for the processor ${arch}`
  if (platform !== 'linux' && platform !== 'darwin' && platform !== 'win32') {
    return `there is no libtensorflow for ${platform}`
  }
  return undefined
}

export function requirePlatform(): void {
  const problem = platformProblem()
  if (problem === undefined) return
  throw new KnownError(
    'setup/unsupported-platform',
    `The native part cannot work on this machine: ${problem}.`,
    'The WASM engine needs no set-up: shapewright train SPEC --backend wasm',
  )
}

function isMusl(): boolean {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return header?.glibcVersionRuntime === undefined
}
