/** What a check knows of the file of trained weights that a spec names, without reading its numbers. */
import { readWeightsHeader } from '../runtime/formats/weightsHeader.ts'
import { isThere, noHost, type Host } from '../system/host.ts'
import type { SavedArray } from './savedArrays.ts'

export interface WeightsFacts {
  /** The arrays of the file; undefined if it could not be read. */
  readonly arrays?: readonly SavedArray[]
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
    return { arrays: readWeightsHeader(host, path).arrays }
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
