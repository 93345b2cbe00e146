/** Runs the built command line as a user does. `npm test` builds it first. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('../../', import.meta.url))
export const bin = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url))

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly cwd?: string
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly nodeArgs?: readonly string[]
  /** Sends SIGINT once the output on stderr matches. */
  readonly interruptAt?: RegExp
}

export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [...(options.nodeArgs ?? []), bin, ...args], {
      cwd: options.cwd ?? repository,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...options.env },
    })
    let [stdout, stderr, interrupted] = ['', '', false]
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => {
      stderr += chunk
      if (!interrupted && options.interruptAt?.test(stderr)) interrupted = child.kill('SIGINT')
    })
    child.on('error', fail)
    child.on('close', (code) => done({ code, stdout, stderr }))
    child.stdin.end(options.input ?? '')
  })
}
