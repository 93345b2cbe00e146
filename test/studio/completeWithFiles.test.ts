/** Completion of files in the page, which reads folders asynchronously. */
import { expect, it } from 'vitest'
import { openSpec } from '../../src/editor/openSpec.ts'
import { completeWithFiles } from '../../src/studio/page/worker/completeWithFiles.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { prepareHost, type FileSource } from '../../src/system/prepareHost.ts'
import type { SpecDocument } from '../../src/editor/specDocument.ts'

const files: FileSource = {
  // The server of the studio refuses what is outside its folder, and links to it.
  size: (path) =>
    path.endsWith('model.json') ? Promise.reject(new Error('outside')) : Promise.resolve(nodeHost.size(path)),
  list: (path) => {
    if (path.startsWith('..')) return Promise.reject(new Error('outside'))
    const entries = nodeHost.list(path)
    return Promise.resolve(entries && [...entries])
  },
  read: (path, start, length) => Promise.resolve(nodeHost.read(path, { start, length })),
}

/** Opens a spec as the worker does. */
async function open(text: string): Promise<SpecDocument> {
  let document: SpecDocument | undefined
  await prepareHost(files, (host) => {
    document = openSpec(text, 'spec.yaml', { host })
  })
  return document!
}

const table: readonly [given: string, offered: string][] = [
  ['extends: ./configs/|\nname: a\n', './configs/mnist-cnn.yaml'],
  ['name: a\nweights: { from: test/runtime/formats/| }\nlayers: [flatten]\n', 'test/runtime/formats/small.keras'],
  ['name: a\nweights: { from: test/runtime/| }\nlayers: [flatten]\n', 'test/runtime/formats/'],
  ['name: a\ndataset: { csv: { path: ./te| } }\nlayers: [flatten]\n', './test/'],
  ['extends: ./configs/mnist-cnn.yaml\nname: a\nweights: { from: runs/a, except: [|] }\n', 'dense'],
  ["extends: ./configs/mnist-cnn.yaml\nname: a\nlearningRates: { '|': 0.1 }\n", 'dense'],
]

it.each(table)('offers in %j: %s', async (given, offered) => {
  const document = await open(given.replace('|', ''))
  const items = await completeWithFiles(document, given.indexOf('|'), files)
  expect(items.map(({ label }) => label)).toContain(offered)
})

it('offers no files of a folder that is refused', async () => {
  const given = 'extends: ../|\nname: a\n'
  const document = await open(given.replace('|', ''))
  expect(await completeWithFiles(document, given.indexOf('|'), files)).toEqual([])
})
