/** The generated pages of docs/: they are what the definitions give, and each part has a description and an example that passes `check`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { composeDocs, generatedFolders } from '../../scripts/docs/composeDocs.ts'
import { checkFragment } from '../../scripts/docs/examples.ts'
import { layerExample } from '../../scripts/docs/layersPage.ts'
import { partKinds } from '../../scripts/docs/partKinds.ts'
import { descriptionOf, partPage } from '../../scripts/docs/partPage.ts'
import { convolutions, outputSize, poolings } from '../../scripts/docs/windowPictures.ts'
import { formatShape } from '../../src/language/dims.ts'
import type { PartDef } from '../../src/language/schema.ts'
import { fieldsOf } from '../../src/language/schema.ts'
import { layerTable } from '../../src/parts/layers/table.ts'

describe('generated pages', () => {
  it('are current (`npm run docs` writes them)', async () => {
    const files = await composeDocs()
    const stale = [...files].flatMap(([name, text]) => {
      const path = `docs/${name}`
      return existsSync(path) && readFileSync(path, 'utf8') === text ? [] : [path]
    })
    const present = generatedFolders.flatMap((folder) =>
      readdirSync(`docs/${folder}`).map((name) => `${folder}/${name}`),
    )
    expect([...stale, ...present.filter((name) => !files.has(name))]).toEqual([])
  })
})

const parts = [
  ...Object.entries(layerTable).map(([name, part]) => ({
    page: 'layers',
    name,
    part,
    text: layerExample(name, part).text,
  })),
  ...partKinds.flatMap(({ page, table, example }) =>
    Object.entries(table).map(([name, part]) => ({ page, name, part, text: example(name, part) })),
  ),
]

describe.each(parts)('$page: $name', ({ name, part, text }) => {
  it('is described, and so is each option', () => {
    const fields = Object.values(part.schema.properties as Readonly<Record<string, { description?: string }>>)
    const texts = [descriptionOf(part), ...fields.map(({ description = '' }) => description)]
    expect(texts.filter((description) => description.length < 5)).toEqual([])
  })

  it('has an example that uses it and passes `check`', () => {
    expect(text).toMatch(new RegExp(`\\b${name}\\b`))
    // The files of its datasets are not here.
    const found = checkFragment(text).own.filter(({ code }) => !code.startsWith('data/'))
    expect(found.map(({ message }) => message)).toEqual([])
  })
})

it.each([
  ['conv2d', '28x28x3', '26x26x32', 896],
  ['maxPooling2d', '28x28x3', '14x14x3', 0],
  ['lstm', '50x16', '64', 20736],
  ['concatenate', '100 100', '200', 0],
] as const)('shows the shapes that the checker proves for %s', (type, from, to, params) => {
  const { inputs, output, params: found } = layerExample(type, layerTable[type]!)
  expect([inputs.map(formatShape).join(' '), formatShape(output), found]).toEqual([from, to, params])
})

it('draws the outputs that TensorFlow has on a 7x7 input', () => {
  expect(convolutions.map(outputSize)).toEqual([5, 7, 3, 4, 3, 7])
  expect(poolings.map(outputSize)).toEqual([3, 4, 3, 2])
})

it('describes a part that is only added to a table', () => {
  const added: PartDef = { schema: fieldsOf({}, 'A regularizer that does nothing.'), aliases: { same: ['NoPenalty'] } }
  const kind = partKinds.find(({ page }) => page === 'regularizers')!
  const page = partPage({ ...kind, table: { ...kind.table, none: added } }, new Map())
  expect(page).toContain('| [`none`](#none) | A regularizer that does nothing. |')
  expect(page).toContain('## none\n\nA regularizer that does nothing.\n\n```yaml\n')
  expect(page).toContain('kernelRegularizer: none')
  expect(page).toContain('In other libraries: Same as `NoPenalty`.')
})
