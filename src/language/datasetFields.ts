/** Fields that several datasets share. */
import * as Type from 'typebox'
import type { PublishedDownload } from './datasetDef.ts'
import { scriptCallsTo } from './calls.ts'
import type { Call } from './expression.ts'
import { withDefault } from './schema.ts'

const run = scriptCallsTo<typeof import('../script/splits.ts')>()

/** Refuses control characters, such as NUL, which are mistakes in a path. */
export const pathPattern = '^[^\\u0000-\\u001f\\u007f]+$'

/** The field of a file or folder; a relative path starts at the folder of the spec. */
export function pathField(description: string, example: string) {
  return Type.String({
    description: `${description} A relative path starts at the folder of the spec.`,
    pattern: pathPattern,
    examples: [example],
  })
}

/** The path of a published dataset, which is usually found without it. */
export const publishedPath = Type.Optional(
  pathField('The folder of its files; overrides the default locations.', 'data'),
)

/** The files of a published dataset at the address `home`, each with its length in bytes and its SHA-256. */
export function downloadsOf(
  home: string,
  files: readonly (readonly [file: string, bytes: number, sha256: string])[],
): readonly PublishedDownload[] {
  return files.map(([file, bytes, sha256]) => ({ url: `${home}/${file}`, file, bytes, sha256 }))
}

/** A fact about bytes as samples, such as the pixels of images. */
export const scaledBytes = { fractions: 'bytes are scaled to the range 0 to 1' }

export const testSplitField = withDefault(
  Type.Number({
    description:
      'The fraction of the samples to hold out for testing if there are no test samples: the same fraction of each class, chosen at random but the same in every run. Without test samples, the trained network is not evaluated.',
    minimum: 0,
    exclusiveMaximum: 1,
    examples: [0.2],
  }),
  0,
)

/** The data of a script, with a fraction held out for testing unless it is 0. */
export function holdOutForTesting(data: Call, testSplit: number): Call {
  return testSplit > 0 ? run('splitForTesting', data, testSplit) : data
}
