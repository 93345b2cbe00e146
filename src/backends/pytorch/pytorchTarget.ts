/** `compile --target pytorch`: a standalone PyTorch script. */
import type { Program } from '../../program/program.ts'
import { printAugment, printReader } from '../python/printData.ts'
import { printSchedule } from '../python/printSchedule.ts'
import { printPythonScript } from '../python/printScript.ts'
import { pythonFileName, summaryOf } from '../python/scriptTexts.ts'
import type { AnalyzedNetwork, PythonTarget } from '../pythonTarget.ts'
import { prepareNetwork } from './network.ts'
import { pretrainedOf } from '../python/pretrained.ts'
import { printPretrained } from './printPretrained.ts'
import { printModel } from './printModel.ts'
import { printTraining } from './printTraining.ts'
import { logitsOf } from './training.ts'

const kerasFile = {
  path: ['weights', 'from'],
  message: 'a `.keras` file is read by Keras, which a PyTorch script does not need otherwise',
  help: 'import the file, and take the weights of `shapewright import`',
}

export const pytorchTarget: PythonTarget = {
  findProblems: (source, program) => [
    ...networkOf(source, program).network.unsupported.map(({ path, message }) => ({
      path,
      message,
      help: 'change the layer, or compile to TypeScript',
    })),
    ...(pretrainedOf(source, program)?.format === 'keras' ? [kerasFile] : []),
  ],
  print(source, program, origin) {
    const { spec } = source
    const { script, experiment } = program
    const learningRates = experiment?.learningRates ?? {}
    const { network } = networkOf(source, program)
    const model = printModel(network, program, origin.structure)
    const frame = {
      libraries: ['python', 'pytorch'],
      target: 'pytorch',
      fileName: pythonFileName(program.name, 'pytorch'),
      summary: summaryOf(program),
      trains: script !== undefined && experiment !== undefined,
    }
    if (script === undefined || experiment === undefined) {
      const main = `def main() -> int:\n    print(${model.create})\n    return 0`
      return printPythonScript({ ...frame, sections: [model.lines.join('\n'), main] }, origin)
    }
    const pretrained = pretrainedOf(source, program)
    const sections = [
      model.lines.join('\n'),
      printReader(script),
      printAugment(spec),
      experiment.schedule && printSchedule(experiment.schedule),
      pretrained && printPretrained(pretrained, network, model.paths),
      ...printTraining({ pretrained, name: program.name, spec, script, network, learningRates }, model),
    ]
    return printPythonScript({ ...frame, sections: sections.filter((one) => one !== undefined) }, origin)
  },
}

/** The network of a script, and the activations of outputs that its loss applies. */
export function networkOf({ spec, shaped }: AnalyzedNetwork, { script, experiment }: Program) {
  const whole = prepareNetwork(shaped, new Set())
  if (script === undefined || experiment === undefined) return { network: whole, logits: new Map<string, string>() }
  const logits = logitsOf(spec, whole)
  return { network: prepareNetwork(shaped, new Set(logits.keys())), logits }
}
