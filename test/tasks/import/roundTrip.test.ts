/** Networks that were exported, to TensorFlow.js or as .keras files, must be the same networks after their import. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { programOf } from '../../../src/compile.ts'
import { readNetwork } from '../../../src/tasks/import/readNetwork.ts'
import { encodeKerasFile } from '../../../src/tasks/export/kerasFile.ts'
import type { Analysis } from '../../../src/analyze.ts'
import { exportNetworks } from '../../backends/export/exportNetworks.ts'
import { analysisOf, buildPrinted, layersOf, modelOf, outputsFor, writeTfjs } from './importHarness.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

interface Format {
  write(model: tf.LayersModel, analysis: Analysis, folder: string): Promise<string>
  /** Replaces what the format cannot contain. */
  adapt(text: string): string
}

const formats: Readonly<Record<string, Format>> = {
  'model.json': { write: (model, _analysis, folder) => writeTfjs(model, folder), adapt: (text) => text },
  '.keras': {
    async write(model, analysis, folder) {
      const path = join(folder, 'model.keras')
      writeFileSync(path, Buffer.concat(await encodeKerasFile(programOf(analysis), model, '')))
      return path
    },
    adapt: (text) =>
      text
        .replaceAll('recurrentActivation: sigmoid', '')
        .replaceAll(/\b((lstm|gru)(Cell)?|convLstm2d): \{/g, '$& recurrentActivation: sigmoid,')
        .replaceAll('hardSigmoid', 'sigmoid')
        .replaceAll('gelu_new', 'gelu')
        .replaceAll('minPooling2d', 'maxPooling2d')
        .replaceAll(/, *\}/g, ' }'),
  },
}

describe.each(Object.entries(formats))('%s', (_format, { write, adapt }) => {
  it.each(Object.entries(exportNetworks))('%s: is the same network', async (name, text) => {
    const analysis = analysisOf(`name: network\n${adapt(text)}`)
    const model = await modelOf(analysis)
    const { network, problems } = await readNetwork(await write(model, analysis, temporaryFolder()))
    expect(problems).toEqual([])
    const imported = await buildPrinted(network)
    expect(layersOf(imported.analysis)).toEqual(layersOf(analysis))
    const below = name === 'words' ? 3 : undefined
    expect(outputsFor(imported.model, below)).toEqual(outputsFor(model, below))
  })
})
