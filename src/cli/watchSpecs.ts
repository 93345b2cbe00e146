/** Implements `--watch`: runs a command again whenever one of its specs changes. */
import { countOf } from '../diagnostics/formatCount.ts'
import { statSync, watch, type FSWatcher } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { KnownError } from '../system/knownError.ts'
import { asKnownError } from '../system/systemError.ts'
import { statOf } from '../system/fileState.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { findSpecs, type SpecSelection } from './findSpecs.ts'
import { reportFailure } from './reportFailure.ts'
import { standardInput } from './specFiles.ts'
import { canRewriteLines } from './terminal.ts'

/**
 * Waits 20 ms for more changes, because editors write in bursts. Also watches specs and folders that are added.
 *
 * @param run Gets a function to which it gives the other files that it read, such as the parents of specs.
 */
export async function watchSpecs(
  paths: readonly string[],
  run: (selection: SpecSelection, watchAlso: (files: readonly string[]) => void) => Promise<unknown> | unknown,
): Promise<number> {
  if (paths.includes(standardInput))
    throw new KnownError('usage', '--watch cannot watch standard input', 'pass files or folders')
  const watchers = new Map<string, FSWatcher>()
  const others = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const onChange = async (path: string) => {
    const { files, folders } = await findSpecs(paths)
    const isNewFolder = folders.includes(path) && !watchers.has(path)
    if (!isNewFolder && !others.has(path) && !files.some((file) => resolve(file) === path)) return
    clearTimeout(timer)
    timer = setTimeout(() => (last = last.then(runOnce)), 20)
  }
  const watchFolder = (folder: string) => {
    if (watchers.has(folder)) return
    const { ino } = statSync(folder)
    const watcher = watch(folder, (_event, name) => {
      if (statOf(folder)?.ino !== ino) return watchAgain()
      // The search may fail while a folder is being removed.
      if (name !== null) onChange(resolve(folder, name)).catch(() => undefined)
    })
    watcher.on('error', () => watchers.delete(folder))
    watchers.set(folder, watcher)
  }
  /** After a folder was removed, as by `git switch`: waits until its files are back, because its watcher sees no others. */
  const watchAgain = () => {
    for (const watcher of watchers.values()) watcher.close()
    watchers.clear()
    clearTimeout(timer)
    timer = setTimeout(async () => {
      const { files } = await findSpecs(paths).catch(() => ({ files: [] }))
      const isBack = files.length > 0 && files.every((file) => statOf(dirname(resolve(file))) !== undefined)
      if (isBack) last = last.then(runOnce)
      else if (!isStopped) watchAgain()
    }, 200)
  }
  const watchAlso = (files: readonly string[]) => {
    for (const file of files) {
      others.add(resolve(file))
      if (statOf(dirname(resolve(file))) !== undefined) watchFolder(dirname(resolve(file)))
    }
  }
  const runOnce = async () => {
    if (canRewriteLines(process.stdout)) process.stdout.write('\u001b[2J\u001b[3J\u001b[H')
    try {
      const selection = await findSpecs(paths)
      const { files, folders } = selection
      for (const folder of [...folders, ...files.map((file) => dirname(resolve(file)))]) watchFolder(folder)
      await run(selection, watchAlso)
      process.stderr.write(`watching ${countOf(files.length, 'file')}; Ctrl-C stops\n`)
    } catch (error) {
      if (asKnownError(error) === undefined) throw error
      reportFailure(error)
    }
  }
  await findSpecs(paths)
  // Runs follow one another: two at once would write the same files.
  let last = runOnce()
  await last
  await new Promise<void>((done) => process.once('SIGINT', done))
  isStopped = true
  clearTimeout(timer)
  await last
  for (const watcher of watchers.values()) watcher.close()
  return exitCodes.interrupted
}
