/** Implements `shapewright check --data`: reports the problems of specs and of the samples of their datasets. */
import { basename } from 'node:path'
import { KnownError } from '../system/knownError.ts'
import { checkData, listenForInterruption } from '../tasks/checkData/checkData.ts'
import { splitWords } from '../tasks/checkData/finding.ts'
import { formatCount } from '../diagnostics/formatCount.ts'
import { checkCommand, type CheckOptions } from './check.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { createSampleProgress } from './sampleProgress.ts'
import { standardInput } from './specFiles.ts'

export interface CheckDataOptions extends Omit<CheckOptions, 'data'> {
  /** The folder of the dataset, or `true` for the path in the spec. */
  readonly data: string | true
}

export async function checkDataCommand(specs: readonly string[], options: CheckDataOptions): Promise<number> {
  const { paths, data } = readDataOption(specs, options.data)
  if (options.watch === true) {
    throw new KnownError(
      'usage',
      '`--data` reads every sample, which is too slow for `--watch`',
      'remove one of the two options',
    )
  }
  const interruption = listenForInterruption()
  const say = (line: string) => (options.quiet === true ? undefined : process.stderr.write(line))
  const progress = createSampleProgress(process.stderr, options.quiet === true)
  try {
    return await checkCommand(paths, { ...options, data }, async (analysis) => {
      const checked = await checkData(analysis, {
        data,
        signal: interruption.signal,
        onSplits: (splits) => {
          const counts = splits.map(({ name, samples }) => `${formatCount(samples.count)} ${splitWords[name]}`)
          say(`${basename(analysis.source.file)}: checking ${listed(counts)} samples\n`)
        },
        onProgress: progress.update,
      })
      progress.stop()
      return checked
    })
  } catch (error) {
    if (!interruption.signal.aborted) throw error
    progress.stop()
    say('interrupted\n')
    return exitCodes.interrupted
  } finally {
    progress.stop()
    interruption.stop()
  }
}

/** Reads `--data net.yaml` as `net.yaml --data`, and `--data configs` as `configs --data` if no other argument is given. */
function readDataOption(
  specs: readonly string[],
  data: string | true,
): { readonly paths: readonly string[]; readonly data?: string } {
  if (data === true) return { paths: specs }
  const isSpec = specs.length === 0 || data === standardInput || /\.ya?ml$/i.test(data)
  return isSpec ? { paths: [data, ...specs] } : { paths: specs, data }
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
