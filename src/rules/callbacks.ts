/** Finds callbacks that monitor a log that does not exist, or never act in the planned run. */
import { lookUp } from '../language/schema.ts'
import { callbackTable } from '../parts/callbacks/table.ts'
import type { PlannedRun } from '../language/callbackDef.ts'
import type { Path } from '../diagnostics/diagnostic.ts'
import { listWords } from '../diagnostics/didYouMean.ts'
import { suggestWord } from '../validation/suggestWord.ts'
import { setValue } from '../source/edits.ts'
import type { SourceDocument } from '../source/source.ts'
import { plannedRunOf } from '../graph/plannedRun.ts'
import { defineRule, type Finding } from './defineRule.ts'

export const callbacks = defineRule({
  codes: ['meaning/idle-callback', 'meaning/unknown-monitor'],
  check({ spec, shaped, source }) {
    const run = plannedRunOf(spec, shaped.outputs)
    return spec.callbacks.flatMap(({ type, options }, index) => {
      const { monitored, misfits } = lookUp(callbackTable, type)
      const place = ['training', 'callbacks', index, type]
      const at = (option: string) => (source.pairAt([...place, option]) ? [...place, option] : place.slice(0, -1))
      const monitor = monitored?.(options)
      const isUnknown =
        spec.loss !== undefined && monitor !== undefined && run.logs.every(({ name }) => name !== monitor)
      const unknown = isUnknown ? [unknownMonitor(type, monitor, at('monitor'), run, source)] : []
      const never = (misfits?.(options, run) ?? []).map(({ option, message, help }): Finding => ({
        code: 'meaning/idle-callback',
        path: at(option),
        message,
        help,
      }))
      return [...unknown, ...never]
    })
  },
})

/** The log of a metric under its name in another library: `val_acc` is `val_accuracy`. */
function ofForeignMetric(monitor: string, names: readonly string[]): string | undefined {
  const prefix = 'val_'
  if (!monitor.startsWith(prefix)) return undefined
  const metrics = names.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
  const { word } = suggestWord(monitor.slice(prefix.length), metrics)
  return word === undefined ? undefined : prefix + word
}

function unknownMonitor(
  type: string,
  monitor: string,
  path: Path,
  { logs }: PlannedRun,
  source: SourceDocument,
): Finding {
  const names = logs.map(({ name }) => name)
  const trained = names.find((name) => `val_${name}` === monitor)
  if (trained !== undefined) {
    const message = `\`${type}\` monitors \`${monitor}\`, but there are no validation samples`
    const help = `set \`validationSplit: 0.1\` in \`training\`, or monitor \`${trained}\``
    return { code: 'meaning/unknown-monitor', path, message, help }
  }
  const word = suggestWord(monitor, names).word ?? ofForeignMetric(monitor, names)
  const edits = word !== undefined && path.at(-1) === 'monitor' ? setValue(source, path, word) : undefined
  const message = `\`${type}\` monitors \`${monitor}\`, which the logs do not contain`
  const help = word === undefined ? `the logs contain ${listWords(names, 'and')}` : `did you mean \`${word}\`?`
  return {
    code: 'meaning/unknown-monitor',
    path,
    message,
    help,
    fixes: edits ? [{ kind: 'suggestion', title: `replace \`${monitor}\` with \`${word}\``, edits }] : [],
  }
}
