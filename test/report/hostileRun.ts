/** A run with markup wherever text comes from a spec, a dataset or a machine. */
import type { Inspection } from '../../src/tasks/inspect/inspection.ts'
import type { RunRecord } from '../../src/report/run/runRecord.ts'

export const hostileText = `</title></script><script>document.title='run'</script><img src=x onerror="document.title='run'">'`

export function hostileRun(run: RunRecord): RunRecord {
  const outputs = run.inspection!.outputs.map(
    (output) =>
      ({ ...output, output: hostileText, classNames: Array.from({ length: 10 }, () => hostileText) }) as typeof output,
  )
  const inspection: Inspection = { ...run.inspection!, outputs: [...outputs, ...outputs] }
  return {
    ...run,
    name: hostileText,
    specText: `# ${hostileText}\n${run.specText}`,
    resolved: {
      dataset: { type: hostileText, options: { [hostileText]: hostileText } },
      training: { [hostileText]: hostileText },
    },
    environment: { ...run.environment, engine: { name: hostileText, detail: hostileText }, cpu: hostileText },
    history: run.history.map((epoch) => ({ ...epoch, [hostileText]: 1 })),
    test: { [hostileText]: 1 },
    inspection,
  }
}
