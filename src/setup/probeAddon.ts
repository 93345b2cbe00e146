import { access } from 'node:fs/promises'
import { runCommand, lastLines } from './runCommand.ts'

/** The result of loading an addon in a child process. */
export type Probe =
  | { readonly works: true; /** The version of libtensorflow. */ readonly version: string }
  | { readonly works: false; readonly problem: string }

const script = 'process.stdout.write("TF_Version=" + require(process.argv[1]).TF_Version)'

/** Loads the addon in a child process, in case native code crashes. Takes about half a second. */
export async function probeAddon(addon: string, signal?: AbortSignal): Promise<Probe> {
  try {
    await access(addon)
  } catch {
    return { works: false, problem: 'the addon is missing' }
  }
  const { code, killedBy, stdout, output } = await runCommand(process.execPath, ['-e', script, addon], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', NODE_OPTIONS: '' },
    signal,
    timeout: 60_000,
  })
  const version = /TF_Version=(\d\S*)/.exec(stdout)?.[1]
  if (code === 0 && version !== undefined) return { works: true, version }
  if (killedBy === 'SIGILL') {
    return { works: false, problem: 'this processor lacks instructions (AVX) that libtensorflow needs' }
  }
  if (killedBy !== undefined) return { works: false, problem: `loading it was terminated by ${killedBy}` }
  const reason = output.split('\n').find((line) => /^\w*Error: /.test(line)) ?? lastLines(output, 1)
  return { works: false, problem: reason.replace(/^\w*Error: /, '') || 'it does not report its version' }
}
