/** Prints the comment at the top of a script: its origin and how to run it. */
import { createHash } from 'node:crypto'
import type { ScriptExperiment } from '../../program/lowerScript.ts'
import type { Program } from '../../program/program.ts'
import { printOrigin } from '../../system/marks.ts'
import { quoteForShell } from '../../system/quoteForShell.ts'
import type { EmitOptions, ScriptOrigin } from './emitOptions.ts'
import { printComment } from './printExpression.ts'

/** Prints the header. {@link fillInDigest} fills in the digest of the script. */
export function printHeader(fileName: string, options: EmitOptions, { experiment, script }: Program): string {
  const { backend, language = 'ts', singleFile = false, runtime = 'standalone' } = options
  const flags = [
    ...(backend === 'auto' ? [] : ['--backend', backend]),
    ...(language === 'ts' ? [] : ['--format', language]),
    ...(singleFile ? ['--single-file'] : []),
    ...(runtime === 'standalone' ? [] : ['--runtime', runtime]),
  ]
  const run = `Run it: ${language === 'ts' ? 'npx tsx' : 'node'} ${fileName} --epochs 1   (--help lists the options)`
  const use =
    'Import `buildModel` from it; a spec with a dataset, an optimizer and a loss is compiled to a script that trains'
  const absent = runtime === 'standalone' && script ? absentFeatures(script) : []
  const without =
    absent.length === 0 ? [] : [`Not in this script: ${absent.join(', ')}; compile with --runtime package for that`]
  return [...headerLines(options, flags), experiment ? run : use, ...without].map(printComment).join('\n')
}

/** The features of a spec that its standalone script does without. */
function absentFeatures({ leftOut, callbacks }: ScriptExperiment): string[] {
  return [...leftOut, ...callbacks.flatMap(({ lacks }) => lacks ?? [])]
}

/**
 * The lines that say what a script is compiled from, without a date, so that equal specs compile to equal scripts. The digest of the spec ignores line
 * endings, which differ by platform.
 *
 * @param flags The options of `compile`.
 */
export function headerLines(
  { settings = [], trial, specFile, specText, version }: ScriptOrigin,
  flags: readonly string[],
): string[] {
  const set = [
    ...(trial === undefined ? [] : [`--trial ${trial}`]),
    ...settings.map((setting) => `--set ${quoteForShell(setting)}`),
  ]
  const spec = [specText.replaceAll('\r\n', '\n'), ...set].join('\n')
  const sha256 = createHash('sha256').update(spec).digest('hex')
  return [
    `${printOrigin(specFile, version, sha256.slice(0, 12))}. Edit it freely; to compile it again:`,
    `  npx shapewright compile ${[quoteForShell(specFile), ...flags, ...set].join(' ')}   (--force replaces your edits)`,
  ]
}
