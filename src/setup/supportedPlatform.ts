import { KnownError } from '../system/knownError.ts'

/** The reason why the native part cannot work on this machine; undefined if it can. */
function platformProblem(): string | undefined {
  const { platform, arch } = process
  if (platform === 'linux' && isMusl()) return 'libtensorflow requires glibc, but this Linux uses musl'
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
    `The native part does not work on this machine: ${problem}.`,
    'The wasm engine needs no setup: shapewright train SPEC --backend wasm',
  )
}

function isMusl(): boolean {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return header?.glibcVersionRuntime === undefined
}
