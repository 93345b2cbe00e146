/** Prints the comment at the top of a script: its origin and how to run it. */
import { createHash } from 'node:crypto'
import { printOrigin } from '../../system/marks.ts'
import { quoteForShell } from '../../system/quoteForShell.ts'
import type { EmitOptions } from './emitOptions.ts'
import { printComment } from './printExpression.ts'

/**
 * Prints the header without a date, so that equal specs compile to equal scripts. The digest of the spec ignores line
 * endings, which differ by platform. {@link fillInDigest} fills in the digest of the script.
 */
export function printHeader(fileName: string, options: EmitOptions): string {
  const {
    backend,
    language = 'ts',
    singleFile = false,
    runtime = 'standalone',
    settings = [],
    trial,
    specFile,
    version,
  } = options
  const set = [
    ...(trial === undefined ? [] : [`--trial ${trial}`]),
    ...settings.map((setting) => `--set ${quoteForShell(setting)}`),
  ]
  const spec = [options.specText.replaceAll('\r\n', '\n'), ...set].join('\n')
  const sha256 = createHash('sha256').update(spec).digest('hex')
  const flags = [
    ...(backend === 'auto' ? [] : ['--backend', backend]),
    ...(language === 'ts' ? [] : ['--format', language]),
    ...(singleFile ? ['--single-file'] : []),
    ...(runtime === 'standalone' ? [] : ['--runtime', runtime]),
    ...set,
  ]
  return [
    `${printOrigin(specFile, version, sha256.slice(0, 12))}. Edit it freely; to compile it again:`,
    `  npx shapewright compile ${[quoteForShell(specFile), ...flags].join(' ')}   (--force replaces your edits)`,
    `Run it: ${language === 'ts' ? 'npx tsx' : 'node'} ${fileName} --epochs 1   (--help lists the options)`,
  ]
    .map(printComment)
    .join('\n')
}
