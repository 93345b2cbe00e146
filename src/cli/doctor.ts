/** Implements `shapewright doctor`: shows which engines work on this machine, their speed, and how to enable the others. */
import { checkText } from '../analyze.ts'
import { engineNames } from '../system/engineNames.ts'
import { engineOfAuto, measureEngine, type EngineReport } from '../tasks/doctor/measureEngines.ts'
import { formatCount } from '../diagnostics/formatCount.ts'
import { programOf } from '../compile.ts'
import type { doctor } from './commands/doctor.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { paletteFor } from './palette.ts'
import { fileURLToPath } from 'node:url'
import { packageFolder } from './packageFolder.ts'
import { readSpecFile } from './specFiles.ts'
import { canRewriteLines } from './terminal.ts'

export async function doctorCommand({ format }: OptionsOf<typeof doctor>): Promise<number> {
  const spec = fileURLToPath(new URL('configs/mnist-cnn.yaml', packageFolder()))
  const analysis = checkText(readSpecFile(spec), spec)
  const program = programOf(analysis)
  const reports: EngineReport[] = []
  for (const name of engineNames) {
    const isShown = canRewriteLines(process.stderr)
    if (isShown) process.stderr.write(`measuring ${name} …`)
    reports.push(await measureEngine(name, program))
    if (isShown) process.stderr.write('\r\u001b[K')
  }
  process.stdout.write(
    format === 'json' ? `${JSON.stringify({ version: 1, engines: reports }, null, 2)}\n` : render(reports),
  )
  return exitCodes.fine
}

function render(reports: readonly EngineReport[]): string {
  const palette = paletteFor(process.stdout)
  const lines = reports.map((report) => {
    const { name, works, detail, imagesPerSecond, problem, help } = report
    const title = name.padEnd(6)
    if (!works) return `${palette.red('✗')} ${title} ${problem}\n         ${help}\n`
    const rate =
      imagesPerSecond === undefined
        ? ''
        : `, ${formatCount(Math.round(imagesPerSecond))} images/s when training the MNIST network`
    return `${palette.green('✓')} ${title} ${detail}${describeThreads(report)}${rate}\n`
  })
  return `${lines.join('')}\`--backend auto\` uses ${engineOfAuto(reports) ?? 'none'}\n`
}

function describeThreads({ threads = 1, autoThreads = 1 }: EngineReport): string {
  const count = threads === 1 ? ', 1 thread' : `, ${threads} threads`
  return autoThreads > threads ? `${count} (${autoThreads} with \`--threads auto\`)` : count
}
