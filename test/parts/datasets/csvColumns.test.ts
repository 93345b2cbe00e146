/** How the columns of tables are read, what is said of those that are hardly meant that way, and of what was not read. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkText } from '../../../src/analyze.ts'
import { nodeHost } from '../../../src/system/nodeHost.ts'
import { reportCheckJson } from '../../../src/report/checkJson.ts'
import { renderGithub } from '../../../src/diagnostics/renderGithub.ts'
import { renderSarif } from '../../../src/diagnostics/renderSarif.ts'
import { loadCsv } from '../../../src/parts/datasets/csv.fast.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const folder = temporaryFolder()

/** A table of a column `x` and a label, and what `check` says of it; with its columns stated, as lines of YAML. */
function check(cells: readonly string[], options = '', name = 'x', isWhole = false) {
  const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const rows = cells.map((cell, row) => `${quote(cell)},${row % 3}`)
  writeFileSync(join(folder, 'table.csv'), `${name},y\n${rows.join('\n')}\n`)
  const text = `name: example\ndataset: { csv: { path: table.csv, label: y${options} } }\nlayers: [{ dense: { units: 1 } }]\ntraining: { batchSize: 2 }\n`
  return checkText(text, join(folder, 'spec.yaml'), { host: nodeHost, isWhole })
}

const column = (length: number, cell: (row: number) => string) => Array.from({ length }, (_, row) => cell(row))
const typo = (text: string) => column(40, (row) => (row === 24 ? text : `${row * 1.5}`))

describe('a column that is probably read wrongly', () => {
  it.each<[string, readonly string[], string, RegExp]>([
    [
      'a typo among numbers',
      typo('3o.5'),
      'data/nearly-numeric',
      /line 26: "3o.5" in "x" is not a number, but 39 of 40/,
    ],
    ['a word among numbers', typo('unknown'), 'data/nearly-numeric', /line 26: "unknown"/],
    ['a dash among numbers', typo('-'), 'data/nearly-numeric', /line 26: "-"/],
    ['a number of another kind', typo('inf'), 'data/nearly-numeric', /line 26: "inf"/],
    ['a typo in a short table', ['1', '2', 'x3'], 'data/nearly-numeric', /line 4: "x3"/],
    [
      'a few typos',
      column(40, (row) => (row % 10 === 3 ? `${row}?` : `${row}`)),
      'data/nearly-numeric',
      /and 3 more in "x" are no/,
    ],
    [
      'decimal commas',
      column(40, (row) => `${row},25`),
      'data/nearly-numeric',
      /line 2: "0,25" in "x" is a number with a decimal comma/,
    ],
    [
      'decimal commas and whole numbers',
      column(40, (row) => (row % 4 === 0 ? `${row}` : `${row},5`)),
      'data/nearly-numeric',
      /line 3: "1,5".*comma/,
    ],
    ['thousands separators', column(40, (row) => `1,${row + 100},000`), 'data/nearly-numeric', /thousands separators/],
    ['percentages', column(40, (row) => `${row} %`), 'data/nearly-numeric', /"0 %" in "x" is a number with a sign/],
    ['ISO dates', column(40, (row) => `2024-01-${(row % 28) + 1}`), 'data/dates', /line 2: "2024-01-1"/],
    ['few dates', column(40, (row) => `${(row % 3) + 1}/12/2024`), 'data/dates', /line 2: "1\/12\/2024"/],
    ['points in time', column(40, (row) => `2024-01-02T03:${row + 10}:00Z`), 'data/dates', /T03:10/],
    [
      'e-mail addresses',
      column(5, (row) => `user${row}@example.org`),
      'data/nearly-unique',
      /5 different texts in "x"/,
    ],
    [
      'identifiers',
      column(60, (row) => `item-${row}`),
      'data/nearly-unique',
      /60 different texts in "x", the first "item-0" in line 2/,
    ],
    [
      'sentences',
      column(60, (row) => `this is review ${Math.floor(row / 1.1)}`),
      'data/nearly-unique',
      /different texts/,
    ],
    [
      'many categories',
      column(400, (row) => `c${row % 70}`),
      'data/too-many-categories',
      /70 different texts in "x", such as "c0" in line 2, more than 64/,
    ],
    ['a missing number', typo('NA'), 'data/unreadable', /line 26: the value of "x" is missing/],
    [
      'nothing but missing numbers',
      column(40, () => 'NA'),
      'data/unreadable',
      /line 2, 3, 4, 5, 6 and 35 more: the value/,
    ],
  ])('%s', async (_name, cells, code, message) => {
    const { diagnostics } = check(cells)
    expect(diagnostics.map((one) => [one.code, one.severity])).toEqual([[code, 'error']])
    expect(diagnostics[0]!.message).toMatch(message)
    // Training reads it the same way.
    await expect(loadCsv({ path: join(folder, 'table.csv'), label: 'y' })).rejects.toThrow(message)
    // As stated, it is what is meant.
    if (code === 'data/unreadable') return
    for (const type of ['oneHot', 'index']) {
      const units = check(cells, `, columns: { x: ${type} }`)
      expect([units.diagnostics, units.shaped.complete]).toEqual([[], true])
    }
  })

  it.each<[string, readonly string[], string]>([
    ['decimal commas', column(40, (row) => `${row},25`), ", decimal: ','"],
    ['many categories', column(400, (row) => `c${row % 70}`), ', maxCategories: 70'],
  ])('%s, with the option for it', (_name, cells, option) => {
    expect(check(cells, option).diagnostics).toEqual([])
  })

  it('of a label', () => {
    const cells = column(40, (row) => `${row % 5}.25`)
    const rows = cells.map((cell, row) => `${cell},${row === 7 ? 'l.5' : row / 2}`)
    writeFileSync(join(folder, 'label.csv'), `x,y\n${rows.join('\n')}\n`)
    const text = 'name: n\ndataset: { csv: { path: label.csv, label: y } }\nlayers: [{ dense: { units: 1 } }]\n'
    const { diagnostics } = checkText(text, join(folder, 'spec.yaml'), { host: nodeHost })
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(/^data\/nearly-numeric .*line 9: "l.5" in "y" is not a number/),
    ])
  })
})

describe('a column that is plausible', () => {
  it.each<[string, readonly string[], string | undefined]>([
    ['numbers', column(40, (row) => `${row}e-3`), undefined],
    ['one number everywhere', column(40, () => '7'), undefined],
    ['categories', column(40, (row) => `c${row % 10}`), undefined],
    ['categories in a small table', ['red', 'green', 'blue'], undefined],
    ['classes such as 3+', column(60, (row) => ['0', '1', '2', '3+'][row % 4]!), 'data/nearly-numeric'],
    [
      'categories that differ in case',
      column(40, (row) => ['Red', 'red', 'blue'][row % 3]!),
      'data/similar-categories',
    ],
    [
      'categories with other quotes',
      column(40, (row) => ["'red'", 'red', 'blue'][row % 3]!),
      'data/similar-categories',
    ],
  ])('%s', (_name, cells, code) => {
    const { diagnostics } = check(cells)
    expect(diagnostics.map((one) => [one.code, one.severity])).toEqual(code === undefined ? [] : [[code, 'warning']])
  })

  it.each(['id', '', 'user_id', 'Unnamed: 0', 'index'])('numbers the rows, by its name %j', (name) => {
    const { diagnostics } = check(
      column(20, (row) => `${row}`),
      '',
      name,
    )
    expect(diagnostics.map((one) => one.code)).toEqual(['data/row-numbers'])
  })
})

describe('a table whose beginning is read', () => {
  const large = (rows: number, cell: (row: number) => string) =>
    check(
      column(rows, (row) => `${cell(row)}`),
      '',
    )

  it('is read completely if its beginning does not decide the shape', () => {
    const { spec, shaped } = large(20_000, (row) => (row < 19_999 ? `word${row % 3}` : 'last'))
    expect(spec.facts?.sampleShape).toEqual([4])
    expect(shaped.complete).toBe(true)
  })

  it('is not checked if it is too large: an error that says so, and how to state it', () => {
    const cells = column(300_000, (row) => `a longer word ${row % 3}`)
    const { diagnostics, source } = check(cells)
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['data/unknown-shape', 'error']])
    expect(diagnostics[0]!.message).toMatch(
      /is unknown: only the first 31.3 KiB of .* were read, and the rest of `x` may have more categories/,
    )
    expect(diagnostics[0]!.help).toContain('columns: { x: { oneHot: { values: […] } } }')
    const files = [{ file: 'spec.yaml', text: source.text, diagnostics }]
    expect(renderSarif(files, '1')).toContain('is unknown: only the first')
    expect(renderGithub(diagnostics, source.text, 'spec.yaml')).toContain('::error')
    const values = `, columns: { x: { oneHot: { values: [a longer word 0, a longer word 1, a longer word 2] } } }`
    expect(check(cells, values).diagnostics).toEqual([])
    // As `train`, `compile` and `check --data` do.
    expect(check(cells, '', 'x', true).spec.facts).toMatchObject({ sampleShape: [3], trainCount: 300_000 })
    const { diagnostics: read } = check([...cells, '7'], ', columns: { x: number }', 'x', true)
    expect(read[0]!.message).toMatch(/line 2: "a longer word 0" in "\w+" is not a number/)
  })

  it('with a stated input is a hint that says what was not checked', () => {
    const rows = column(300_000, (row) => `a longer word ${row % 3},${row % 2 === 0 ? 'yes' : 'no'}`)
    writeFileSync(join(folder, 'classes.csv'), `x,y\n${rows.join('\n')}\n`)
    const text =
      'name: n\ninput: { shape: [3] }\ndataset: { csv: { path: classes.csv, label: y } }\nlayers: [{ dense: { units: 2, activation: softmax } }]\n'
    const analysis = checkText(text, join(folder, 'spec.yaml'), { host: nodeHost })
    expect(analysis.diagnostics.map(({ code, severity, message }) => [code, severity, message.split(':')[0]])).toEqual([
      ['data/not-checked', 'hint', 'whether the samples match the input shape was not checked'],
      ['data/not-checked', 'hint', 'the number of classes was not checked'],
    ])
    expect(JSON.stringify(reportCheckJson([analysis]))).toContain('was not checked')
  })

  it('may have a header of any length', () => {
    const names = Array.from({ length: 20_000 }, (_, at) => `column_${at}`)
    writeFileSync(
      join(folder, 'wide.csv'),
      `${names.join(',')},y\n${`${names.map((_n, at) => at).join(',')},1\n`.repeat(3)}`,
    )
    const text =
      'name: n\ndataset: { csv: { path: wide.csv, label: y } }\nlayers: [{ dense: { units: 1 } }]\ntraining: { batchSize: 2 }\n'
    const { spec, diagnostics } = checkText(text, join(folder, 'spec.yaml'), { host: nodeHost })
    expect([diagnostics, spec.facts?.sampleShape]).toEqual([[], [20_000]])
  })
})

describe('labels of classes', () => {
  const label = (...cells: string[]) => {
    writeFileSync(join(folder, 'labels.csv'), `x,y\n${cells.map((cell, row) => `${row}.5,${cell}`).join('\n')}\n`)
    return loadCsv({ path: join(folder, 'labels.csv'), label: 'y', labels: 'classes', normalize: 'none' })
  }

  it('are one where their numbers are', async () => {
    const { train, classNames } = await label('1', '1.0', '0', '2.0')
    expect([[...train.labels], classNames]).toEqual([
      [1, 1, 0, 2],
      ['0', '1', '2'],
    ])
  })

  it.each(['2.5', '1e20', '1e400'])('are whole numbers: %s is not', async (cell) => {
    await expect(label('0', cell, '1')).rejects.toThrow(`line 3: "${cell}" in "y" is not a class`)
  })

  it('are not wrapped beyond 32 bits', async () => {
    const { train, classNames } = await label('0', '4294967296', '1')
    expect([[...train.labels], classNames]).toEqual([
      [0, 2, 1],
      ['0', '1', '4294967296'],
    ])
  })
})
