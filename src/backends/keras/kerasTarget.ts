/** `compile --target keras`: a standalone script for Keras 3 on any of its back ends. */
import { printAugment, printReader } from '../python/printData.ts'
import { pretrainedOf } from '../python/pretrained.ts'
import { printSchedule } from '../python/printSchedule.ts'
import { printPythonScript } from '../python/printScript.ts'
import { pythonFileName, summaryOf } from '../python/scriptTexts.ts'
import type { PythonTarget } from '../pythonTarget.ts'
import { findProblems } from './findKerasProblems.ts'
import { networkPrinting, weightedName } from './networkPrinting.ts'
import { printMain } from './printMain.ts'
import { foldedNetwork, isSequential, printNetwork } from './printNetwork.ts'
import { printPrepare } from './printPrepare.ts'
import { printPretrained } from './printPretrained.ts'
import { printCompile, printTrain } from './printTraining.ts'
import { kerasTraining } from './kerasTraining.ts'

export const kerasTarget: PythonTarget = {
  findProblems,
  print(network, program, origin) {
    const { spec } = network
    const { script, experiment } = program
    const printing = networkPrinting(network, program, origin.structure)
    const model = printNetwork(program, printing)
    const frame = {
      libraries: ['python', 'keras'],
      target: 'keras',
      fileName: pythonFileName(program.name, 'keras'),
      summary: summaryOf(program),
      trains: script !== undefined && experiment !== undefined,
    }
    if (script === undefined || experiment === undefined) {
      const main = 'def main() -> int:\n    build_model().summary()\n    return 0'
      return printPythonScript({ ...frame, sections: [model, main] }, origin)
    }
    const training = kerasTraining(network, program, script, printing.names)
    const pretrained = pretrainedOf(network, program)
    const sections = [
      model,
      pretrained && printPretrained(pretrained, (name) => weightedName(name, printing.names)),
      printReader(script),
      printAugment(spec),
      printPrepare(training),
      experiment.schedule && printSchedule(experiment.schedule),
      printCompile(training),
      printTrain(training),
      printMain(training, {
        isOrdered: isSequential(program, printing) || foldedNetwork(program, printing) !== undefined,
        pretrained,
      }),
    ]
    return printPythonScript({ ...frame, sections: sections.filter((one) => one !== undefined) }, origin)
  },
}
