/** Implements `shapewright export`: writes the network of a saved run for TensorFlow.js, Keras or ONNX. */
import { join } from 'node:path'
import { programOf } from '../compile.ts'
import type { exportRun } from './commands/export.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { checkedNetwork, openTrainedRun } from './openRun.ts'

export type ExportOptions = OptionsOf<typeof exportRun>

export async function exportCommand(
  folder: string,
  { format, out = join(folder, 'export', format), checkpoint, force }: ExportOptions,
): Promise<number> {
  const run = await openTrainedRun(folder)
  const analysis = checkedNetwork(run)
  if (analysis === undefined) return exitCodes.problems
  const program = programOf(analysis)
  const exports = await import('../tasks/export/exportRun.ts')
  const write = {
    keras: exports.exportKeras,
    'keras-file': exports.exportKerasFile,
    onnx: exports.exportOnnx,
    pytorch: exports.exportPytorch(analysis),
    safetensors: exports.exportSafetensors,
    tfjs: exports.exportTfjs,
  }[format]
  const files = await write(program, folder, out, { checkpoint, force })
  process.stdout.write(files.map((file) => `${file}\n`).join(''))
  return exitCodes.fine
}
