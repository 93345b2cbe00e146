/** Implements `shapewright import`: writes the network of a file of another framework as a spec. */
import { countOf } from '../diagnostics/formatCount.ts'
import { escapeInLine } from '../system/controlCharacters.ts'
import { exitCodes } from '../system/exitCodes.ts'
import type { ImportProblem } from '../tasks/import/importedNetwork.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import type { importNetwork } from './commands/import.ts'
import { requireName } from './requireName.ts'

export async function importCommand(
  file: string,
  { format, ...options }: OptionsOf<typeof importNetwork>,
): Promise<number> {
  requireName(options.name, 'the spec and its files are')
  const { importFile } = await import('../tasks/import/importFile.ts')
  const imported = await importFile(file, options)
  const { problems, remarks, files, layers, parameters } = imported
  if (format === 'json') process.stdout.write(`${JSON.stringify({ version: 1, ...imported }, null, 2)}\n`)
  else if (problems.length === 0) {
    process.stderr.write(`imported ${countOf(layers, 'layer')} with ${countOf(parameters, 'parameter')}\n`)
    process.stderr.write(remarks.map((remark) => `note: ${escapeInLine(remark)}\n`).join(''))
    process.stdout.write(files.map((path) => `${path}\n`).join(''))
  } else process.stderr.write(`${problems.map((problem) => describe(problem, file)).join('\n')}\n`)
  return problems.length === 0 ? exitCodes.fine : exitCodes.problems
}

function describe({ place, message, help }: ImportProblem, file: string): string {
  const lines = [`error: ${file}: ${place}: ${message}`, ...(help === undefined ? [] : [`help: ${help}`])]
  return lines.map(escapeInLine).join('\n')
}
