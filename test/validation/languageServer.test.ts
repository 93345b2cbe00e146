/** What an editor offers, shows and reports of a spec: asked of the real YAML language server, without a network. */
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { optimizerTable } from '../../src/parts/optimizers/table.ts'
import { activationNames } from '../../src/language/activations.ts'
import { layerTable } from '../../src/parts/layers/table.ts'
import { startLanguageServer, type LanguageServer } from './languageServer.ts'

let server: LanguageServer
beforeAll(async () => {
  server = await startLanguageServer()
}, 60_000)
afterAll(() => server.stop())

const head = 'name: a\ninput: { shape: [28, 28, 1] }\n'
const conv = (options: string) => `${head}layers:\n  - conv2d: { ${options} }\n`
const labels = async (marked: string) => (await server.complete(marked)).map(({ label }) => label)

describe('completion', () => {
  it.each([
    ['layer types', `${head}layers:\n  - ▮\n`, Object.keys(layerTable)],
    ['layer types behind a letter', `${head}layers:\n  - co▮\n`, ['conv2d', 'concatenate']],
    ['options on one line', conv('filters: 3, p▮'), ['kernelSize', 'padding', 'activation', 'expect']],
    ['options under a layer', `${head}layers:\n  - conv2d:\n      ▮\n`, ['filters', 'kernelSize', 'trainable']],
    ['activations', conv('filters: 3, activation: r▮'), activationNames],
    ['paddings', `${head}layers:\n  - conv2d:\n      padding: ▮\n`, ['valid', 'same']],
    ['initializers', conv('kernelInitializer: h▮'), ['heNormal', 'glorotNormal', 'zeros']],
    ['keys of a spec', `${head}▮\n`, ['layers', 'dataset', 'optimizer', 'loss', 'metrics', 'training', 'outputs']],
    ['optimizers', `${head}layers: [flatten]\noptimizer: ▮\n`, Object.keys(optimizerTable)],
    ['options of an optimizer', `${head}layers: [flatten]\noptimizer: { adam: { l▮ } }\n`, ['learningRate', 'beta1']],
    ['datasets', 'name: a\ndataset: ▮\n', ['mnist', 'cifar10']],
    ['metrics', `${head}layers: [flatten]\nmetrics: [▮]\n`, ['accuracy', 'precision', 'recall']],
    ['training', `${head}layers: [flatten]\ntraining:\n  ▮\n`, ['epochs', 'batchSize', 'seed']],
  ])('offers %s', async (_title, marked, wanted) => {
    expect(await labels(marked)).toEqual(expect.arrayContaining([...wanted]))
  })

  it.each([
    ['a key of the spec', `${head}▮\n`, 'name'],
    ['an option', conv('filters: 3, p▮'), 'filters'],
  ])('does not offer %s that already exists', async (_title, marked, present) => {
    expect(await labels(marked)).not.toContain(present)
  })

  it('offers no option that is one of another layer', async () => {
    expect(await labels(`${head}layers:\n  - flatten:\n      ▮\n`)).not.toContain('filters')
  })

  it.each([
    ['flatten', 'flatten'],
    ['maxPooling2d', 'maxPooling2d'],
    ['dense', 'dense:\n  units: ${1:10}'],
    ['conv2d', 'conv2d:\n  filters: ${1:32}\n  kernelSize: ${2:3}'],
  ])('writes %s with what it requires and no more', async (label, text) => {
    const items = (await server.complete(`${head}layers:\n  - ▮\n`)).filter((item) => item.label === label)
    expect(items.map(({ insertText }) => insertText)).toEqual([text])
    expect(JSON.stringify(items[0]?.documentation)).toMatch(/\w{3,}/)
  })
})

describe('what is offered', () => {
  const network = `${head}layers: [flatten]\n`
  const places: readonly (readonly [title: string, marked: string])[] = [
    ['an empty text', '▮\n'],
    ['the keys of a spec', `${head}▮\n`],
    ['a loss', `${network}loss: ▮\n`],
    ['an optimizer', `${network}optimizer: ▮\n`],
    ['options of an optimizer', `${network}optimizer:\n  adam:\n    ▮\n`],
    ['a layer', `${head}layers:\n  - ▮\n`],
    ['options of a layer', `${head}layers:\n  - conv2d:\n      ▮\n`],
    ['a size for each axis', `${head}layers:\n  - maxPooling2d:\n      poolSize: ▮\n`],
    ['an initializer', `${head}layers:\n  - dense:\n      units: 3\n      kernelInitializer: ▮\n`],
    ['a layer within a layer', `${head}layers:\n  - bidirectional:\n      layer: ▮\n`],
    ['metrics line by line', `${network}metrics:\n  - ▮\n`],
    ['training', `${network}training:\n  ▮\n`],
    ['a callback', `${network}training:\n  callbacks:\n    - ▮\n`],
    ['a schedule', `${network}training:\n  schedule: ▮\n`],
    ['class weights', `${network}training:\n  classWeights: ▮\n`],
    ['a dataset', 'name: a\nlayers: [flatten]\ndataset: ▮\n'],
    ['an augmentation', `${network}augment:\n  - ▮\n`],
    ['an ignored code', `${network}ignore:\n  - ▮\n`],
  ]

  it.each(places)('is words of the language, each once: %s', async (_title, marked) => {
    const offered = await labels(marked)
    expect(offered.length).toBeGreaterThan(0)
    expect(offered.filter((label) => !/^[A-Za-z0-9][\w/-]*$/.test(label) || label === 'Shapewright')).toEqual([])
    expect(offered.filter((label, index) => offered.indexOf(label) !== index)).toEqual([])
  })

  const choices = places.filter(([title]) =>
    /^(a loss|an optimizer|a layer|an initializer|metrics|a callback|a dataset|an ignored)/.test(title),
  )
  it.each(choices)('is a valid spec where it is inserted: %s', async (_title, marked) => {
    const [first, ...others] = await server.complete(marked)
    for (const item of [first, others.at(-1)]) {
      const text = (item?.insertText ?? '').replaceAll(/\$\{\d+:([^}]*)\}/g, '$1').replaceAll('\n', '\n    ')
      expect(await server.validate(marked.replace('▮', text))).toEqual([])
    }
  })
})

describe('hover', () => {
  it.each([
    ['a layer', `${head}layers:\n  - con▮v2d: { filters: 3, kernelSize: 3 }\n`, ['2-d convolution', 'filters: 32']],
    ['an option', conv('filters: 3, kernel▮Size: 3'), ['Height and width of the kernel', 'Example']],
    ['an option with a default', conv('filters: 3, pad▮ding: same'), ['Default: `valid`', '* `same`']],
    ['a bare layer', `${head}layers:\n  - flat▮ten\n`, ['`flatten`: All values of a sample as one vector.']],
    ['a key', `na▮me: a\nlayers: [flatten]\n`, ['The name of the experiment']],
    ['a rate', `${head}layers: [flatten]\noptimizer: { adam: { learn▮ingRate: 1 } }\n`, ['Default: `0.001`']],
  ])('explains %s', async (_title, marked, wanted) => {
    const text = await server.hover(marked)
    for (const part of wanted) expect(text).toContain(part)
  })
})

describe('validation', () => {
  it.each([
    ['an unknown key', conv('filters: 3, kernelSize: 3, stride: 2'), 'Property stride is not allowed.'],
    ['a wrong word', conv('filters: 3, kernelSize: 3, padding: SAME'), 'Valid values: "valid", "same"'],
    ['a missing option', conv('filters: 3'), 'Missing property "kernelSize"'],
    ['a wrong type', `${head}layers:\n  - dense: { units: many }\n`, 'Expected "integer"'],
    ['a missing key', 'name: a\n', 'Missing property "layers"'],
  ])('reports %s, once', async (_title, text, message) => {
    const found = await server.validate(text)
    expect(found.map((one) => one.message)).toEqual([expect.stringContaining(message)])
  })

  const at = (path: string) => new URL(`../../configs/${path}`, import.meta.url)
  const configs = ['', 'zoo/'].flatMap((folder) =>
    readdirSync(at(folder)).flatMap((name) => (name.endsWith('.yaml') ? [`${folder}${name}`] : [])),
  )

  it.each(configs)('finds no fault with %s', async (name) => {
    expect(await server.validate(readFileSync(at(name), 'utf8'), at(name).href)).toEqual([])
  })
})
