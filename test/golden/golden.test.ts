/**
 * What people read, as files: each spec in `specs/` has a golden file of what `check` prints of it, and each spec in
 * `configs/` one of its summary. `npm run test:update` writes them anew; read the difference before you commit it.
 */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkData } from '../../src/tasks/checkData/checkData.ts'
import { checkText } from '../../src/analyze.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { renderGithub } from '../../src/diagnostics/renderGithub.ts'
import { renderPretty, type Palette } from '../../src/diagnostics/renderPretty.ts'
import { reportDot, reportMermaid, reportSummaryTable } from '../../src/report/summary.ts'
import { writeImages } from '../runtime/datasets/imageFixture.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const plain = (text: string) => text
const noColours: Palette = {
  bold: plain,
  dim: plain,
  red: plain,
  yellow: plain,
  cyan: plain,
  green: plain,
  blue: plain,
}
const tagged = (tag: string) => (text: string) => `<${tag}>${text}</${tag}>`
const tags: Palette = {
  bold: tagged('b'),
  dim: tagged('dim'),
  red: tagged('red'),
  yellow: tagged('yellow'),
  cyan: tagged('cyan'),
  green: tagged('green'),
  blue: tagged('blue'),
}

const at = (path: string) => new URL(path, import.meta.url)
const yamlFiles = (folder: string) => readdirSync(at(folder)).filter((name) => name.endsWith('.yaml'))

describe('diagnostics', () => {
  it.each(yamlFiles('specs'))('%s', async (name) => {
    const { source, diagnostics } = checkText(readFileSync(at(`specs/${name}`), 'utf8'), name)
    expect(diagnostics).not.toEqual([])
    const golden = `./specs/${name.replace('.yaml', '.golden.txt')}`
    await expect(renderPretty(diagnostics, source.text, name, noColours)).toMatchFileSnapshot(golden)
  })

  it('in colour', async () => {
    const { source, diagnostics } = checkText(
      readFileSync(at('specs/foreign-names.yaml'), 'utf8'),
      'foreign-names.yaml',
    )
    await expect(renderPretty(diagnostics.slice(0, 2), source.text, 'foreign-names.yaml', tags)).toMatchFileSnapshot(
      './colours.golden.txt',
    )
  })

  it('for GitHub Actions', async () => {
    const { source, diagnostics } = checkText(
      readFileSync(at('specs/foreign-names.yaml'), 'utf8'),
      'foreign-names.yaml',
    )
    await expect(renderGithub(diagnostics, source.text, 'a,b:c.yaml')).toMatchFileSnapshot('./github.golden.txt')
  })
})

describe('mistakes in data', () => {
  it('in a folder of images', async () => {
    const folder = temporaryFolder()
    await writeImages(join(folder, 'pets'), ['train/cat/1.png', 'train/cat/2.png', 'train/dog/3.png', 'val/cat/4.png'])
    copyFileSync(join(folder, 'pets/train/cat/2.png'), join(folder, 'pets/val/cat/again.png'))
    copyFileSync(join(folder, 'pets/train/cat/1.png'), join(folder, 'pets/train/dog/again.png'))
    writeFileSync(join(folder, 'pets/train/dog/page.png'), '<html>Not found</html>')
    const text = readFileSync(at('data/pets.yaml'), 'utf8')
    const { diagnostics } = await checkData(checkText(text, join(folder, 'pets.yaml'), { host: nodeHost }))
    const shown = [
      renderPretty(diagnostics, text, 'pets.yaml', noColours),
      renderGithub(diagnostics, text, 'pets.yaml'),
    ]
    await expect(shown.join('\n').replaceAll(`${folder}/`, '')).toMatchFileSnapshot('./data/pets.golden.txt')
  })
})

describe('summaries', () => {
  it.each(yamlFiles('../../configs'))('%s', async (name) => {
    const analysis = checkText(readFileSync(at(`../../configs/${name}`), 'utf8'), name)
    const text = [reportSummaryTable(analysis), reportMermaid(analysis), reportDot(analysis)].join('\n')
    await expect(text).toMatchFileSnapshot(`./summaries/${name.replace('.yaml', '.golden.txt')}`)
  })
})
