/** What a check knows of the file of trained weights that a spec names, without reading its numbers. */
import type { WeightsHeader } from '../runtime/formats/arrayPlaces.ts'
import { readWeightsHeader } from '../runtime/formats/weightsHeader.ts'
import { isThere, noHost, type Host } from '../system/host.ts'

export interface WeightsFacts {
  /** What the file contains; undefined if it could not be read. */
  readonly header?: WeightsHeader
  /** Why it could not be read. */
  readonly problem?: { readonly isMissing: boolean; readonly message: string; readonly help: string }
}

export function describeWeights(path: string, host: Host = noHost): WeightsFacts {
  if (!isThere(host, path)) {
    const help =
      'relative paths start at the folder of the spec; whether its weights fit the layers was not checked, and training needs it'
    return { problem: { isMissing: true, message: `${path} was not found`, help } }
  }
  try {
    return { header: readWeightsHeader(host, path) }
  } catch (error) {
    const { message, help } = error as Error & { readonly help?: string }
    // Errors with a help text come from the readers and already name the file.
    const isKnown = help !== undefined
    return {
      problem: {
        isMissing: false,
        message: isKnown ? message.replace(/\.$/, '') : `${path} cannot be read: ${message}`,
        help: isKnown ? help.replace(/\.$/, '') : 'repair or replace it',
      },
    }
  }
}
