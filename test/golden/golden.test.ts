/**
 * What people read, as files: each spec in `specs/` has a golden file of what `check` prints of it, and each spec in
 * `configs/` one of its summary. `npm run test:update` writes them anew; read the difference before you commit it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/compile.ts'
import { renderGithub } from '../../src/diagnostics/renderGithub.ts'
import { renderPretty, type Palette } from '../../src/diagnostics/renderPretty.ts'
import { reportDot, reportMermaid, reportSummaryTable } from '../../src/report/summary.ts'

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

describe('summaries', () => {
  it.each(yamlFiles('../../configs'))('%s', async (name) => {
    const analysis = checkText(readFileSync(at(`../../configs/${name}`), 'utf8'), name)
    const text = [reportSummaryTable(analysis), reportMermaid(analysis), reportDot(analysis)].join('\n')
    await expect(text).toMatchFileSnapshot(`./summaries/${name.replace('.yaml', '.golden.txt')}`)
  })
})
