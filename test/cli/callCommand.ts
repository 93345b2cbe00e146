/**
 * Runs a command of the command line within the process of the test, from the source: a second command finds what the first
 * one loaded, and so takes a tenth of the time that a process of its own does. Tests of what concerns the process, such as
 * signals, standard input, memory and files that are not there, use `runCli`.
 */
import { guardKey, guardStream } from '../../src/cli/terminal.ts'
import { bin, repository, type CliResult } from './runCli.ts'

// Whether texts are coloured is decided when the command line is loaded.
Object.assign(process.env, { NO_COLOR: '1', FORCE_COLOR: '0' })

export interface CallOptions {
  /** The folder that the command runs in, which is that of the whole process in the meantime. */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

export async function callCommand(args: readonly string[], options: CallOptions = {}): Promise<CliResult> {
  const { argv, exitCode, env } = process
  const before = process.cwd()
  const [stdout, stderr] = [new Recording(process.stdout), new Recording(process.stderr)]
  guardStream(process.stdout)
  guardStream(process.stderr)
  process.argv = [process.execPath, bin, ...args]
  process.env = { ...env, ...options.env }
  process.chdir(options.cwd ?? repository)
  try {
    const { main } = await import('../../src/cli/cli.ts')
    await main()
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text, stderr: stderr.text, signal: null }
  } finally {
    stdout.end()
    stderr.end()
    process.chdir(before)
    Object.assign(process, { argv, exitCode, env })
  }
}

/** Keeps what is written to a stream, instead of writing it. */
class Recording {
  text = ''
  readonly #stream: NodeJS.WriteStream
  readonly #write: NodeJS.WriteStream['write']

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    this.#write = stream.write
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
      this.text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
      const done = rest.at(-1)
      if (typeof done === 'function') process.nextTick(done)
      return true
    }
  }

  end() {
    this.#stream.write = this.#write
    Reflect.deleteProperty(this.#stream, guardKey)
  }
}
