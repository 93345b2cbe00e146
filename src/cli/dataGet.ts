/** Implements `shapewright data get`: downloads a published dataset to the cache folder, where training finds it. */
import { KnownError } from '../system/knownError.ts'
import { cacheFolder } from '../system/cacheFolder.ts'
import { downloads } from '../parts/datasets/table.ts'
import { lookUp } from '../language/schema.ts'
import { didYouMean, listWords } from '../diagnostics/didYouMean.ts'
import { asKnownError } from '../system/systemError.ts'
import { downloadFile } from '../setup/downloadFile.ts'
import type { dataGet } from './commands/dataGet.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { createByteBar } from './byteBar.ts'
import { exitCodes } from '../system/exitCodes.ts'

export async function dataGetCommand(
  name: string,
  { quiet = false, force = false }: OptionsOf<typeof dataGet>,
): Promise<number> {
  const known = Object.keys(downloads)
  if (!known.includes(name)) {
    const meant = didYouMean(name, known)
    throw new KnownError(
      'usage',
      `there is no dataset ${name} to download`,
      meant === undefined ? `the available datasets are ${listWords(known, 'and')}` : `did you mean ${meant}?`,
    )
  }
  const folder = cacheFolder(name)
  const say = (line: string) => (quiet ? undefined : process.stderr.write(`${line}\n`))
  const interruption = new AbortController()
  const interrupt = () => interruption.abort()
  process.once('SIGINT', interrupt)
  const bar = createByteBar(process.stderr, quiet)
  try {
    for (const wanted of lookUp(downloads, name)) {
      say(`${wanted.url} (${(wanted.bytes / 1e6).toFixed(1)} MB)`)
      const progress = {
        onBytes: (done: number, total: number) => bar.update(done, total),
        onNote: (text: string) => say(`  ${text}`),
      }
      const { isNew } = await downloadFile(wanted, folder, interruption.signal, progress, force)
      bar.stop()
      if (!isNew) say('  already exists')
    }
    process.stdout.write(`${name} is in ${folder}\n`)
    return exitCodes.fine
  } catch (error) {
    if (interruption.signal.aborted) {
      say('interrupted; run the same command to continue')
      return exitCodes.interrupted
    }
    throw asKnownError(error, 'Choose another cache folder with SHAPEWRIGHT_CACHE=FOLDER.') ?? error
  } finally {
    bar.stop()
    process.removeListener('SIGINT', interrupt)
  }
}
