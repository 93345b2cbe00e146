/** Determines the length of a run and the names in its logs before it begins. */
import type { LogName, PlannedRun } from '../language/callbackDef.ts'
import { lossTable } from '../parts/losses/table.ts'
import type { Spec } from '../validation/spec.ts'
import { objectivesOf } from './objectives.ts'

export function plannedRunOf(spec: Spec, outputs: readonly string[]): PlannedRun {
  const trained = trainedLogs(spec, outputs)
  const rate: LogName[] = spec.schedule ? [{ name: 'lr', mode: 'min' }] : []
  const validated = isValidated(spec) ? trained.map(({ name, mode }) => ({ name: `val_${name}`, mode })) : []
  return { epochs: spec.training.epochs, logs: [...trained, ...rate, ...validated] }
}

/** Whether there are validation samples: from the dataset, or held out from the training samples. */
function isValidated({ training, facts }: Spec): boolean {
  return training.validationSplit > 0 || facts?.hasValidation === true
}

/** The logs of training, named as in the runtime: with several outputs, each has a loss and metrics of its own. */
function trainedLogs(spec: Spec, outputs: readonly string[]): LogName[] {
  const objectives = objectivesOf(spec, outputs)
  const several = objectives.length > 1
  const own = objectives.flatMap(({ output, metrics }) => {
    const prefix = several ? `${output}_` : ''
    const measured = metrics.map(({ type }): LogName => {
      return { name: prefix + type, mode: Object.hasOwn(lossTable, type) ? 'min' : 'max' }
    })
    return [...(several ? [{ name: `${prefix}loss`, mode: 'min' } as const] : []), ...measured]
  })
  return [{ name: 'loss', mode: 'min' }, ...own]
}
