/** `--watch`: a command again whenever one of its specs changes. */
import { watch } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { exitCodes, UsageError } from './exitCodes.ts'
import { findSpecs, standardInput } from './specFiles.ts'

/** Editors write in bursts, so changes are gathered for a moment. Ends by Ctrl-C. */
export async function watchSpecs(
  paths: readonly string[],
  run: (files: readonly string[]) => Promise<unknown> | unknown,
): Promise<number> {
  if (paths.includes(standardInput)) throw new UsageError('--watch needs files, and standard input is none')
  const runOnce = async () => {
    if (process.stdout.isTTY) process.stdout.write('\u001b[2J\u001b[3J\u001b[H')
    try {
      const files = findSpecs(paths)
      await run(files)
      process.stderr.write(`watching ${files.length} ${files.length === 1 ? 'file' : 'files'}; Ctrl-C ends\n`)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      process.stdout.write(`${error.message}\n`)
    }
  }
  const folders = new Set(findSpecs(paths).map((file) => dirname(resolve(file))))
  // One run after the other: two at once would write the same files.
  let last = runOnce()
  await last
  let timer: NodeJS.Timeout | undefined
  const isWatched = (file: string) => findSpecs(paths).some((each) => resolve(each) === file)
  const watchers = [...folders].map((folder) =>
    watch(folder, (_event, name) => {
      if (name === null || !isWatched(resolve(folder, name))) return
      clearTimeout(timer)
      timer = setTimeout(() => (last = last.then(runOnce)), 20)
    }),
  )
  await new Promise<void>((done) => process.once('SIGINT', done))
  for (const watcher of watchers) watcher.close()
  clearTimeout(timer)
  await last
  return exitCodes.interrupted
}
