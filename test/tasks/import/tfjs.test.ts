/** Models that TensorFlow.js saved must be the same networks after their import. */
import { expect, it } from 'vitest'
import { readNetwork } from '../../../src/tasks/import/readNetwork.ts'
import { exportNetworks } from '../../backends/export/exportNetworks.ts'
import { analysisOf, buildPrinted, layersOf, modelOf, newFolder, outputsFor, writeTfjs } from './importHarness.ts'

it.each(Object.entries(exportNetworks))(
  '%s: is the same network after the way to model.json and back',
  async (name, text) => {
    const analysis = analysisOf(`name: network\n${text}`)
    const model = await modelOf(analysis)
    const { network, problems } = await readNetwork(await writeTfjs(model, newFolder()))
    expect(problems).toEqual([])
    const imported = await buildPrinted(network)
    expect(layersOf(imported.analysis)).toEqual(layersOf(analysis))
    const below = name === 'words' ? 3 : undefined
    expect(outputsFor(imported.model, below)).toEqual(outputsFor(model, below))
  },
)
