import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadCsv, type CsvOptions } from '../../../src/parts/datasets/csv.fast.ts'
import { inputsInMemory } from '../../../src/runtime/data/samples.ts'
import { prepareSplits } from '../../../src/runtime/data/prepareSplits.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const folder = temporaryFolder()

function write(text: string, name = 'table.csv'): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const table = `size,colour,kind
1,red,cat
2,green,dog
3,red,cat
6,blue,dog
`

async function load(text: string, options: Partial<CsvOptions> = {}) {
  return await loadCsv({ path: write(text), label: 'kind', normalize: 'none', ...options })
}

describe('loadCsv', () => {
  it('makes numbers, categories and classes of columns', async () => {
    const { train, classNames, test } = await load(table)
    expect([train.count, train.sampleShape, train.classes, classNames, test]).toEqual([
      4,
      [4],
      2,
      ['cat', 'dog'],
      undefined,
    ])
    expect([...train.labels]).toEqual([0, 1, 0, 1])
    // size, blue, green, red
    expect([...inputsInMemory(train)]).toEqual([1, 0, 0, 1, 2, 0, 1, 0, 3, 0, 0, 1, 6, 1, 0, 0])
    expect(train.origin!(2)).toEqual({ file: join(folder, 'table.csv'), line: 4 })
    expect(train.inputNames).toEqual(['size', 'colour', 'colour', 'colour'])
  })

  it('reads columns as they are stated', async () => {
    const columns = { size: { type: 'ignore' }, colour: { type: 'index', values: ['red', 'green', 'blue'] } } as const
    const { train } = await load(table, { columns })
    expect([train.sampleShape, [...inputsInMemory(train)]]).toEqual([[1], [0, 1, 0, 2]])
  })

  it('takes numbers to predict for values, unless they are called classes', async () => {
    const values = await load(table, { label: 'size' })
    expect(values.train.labels).toEqual(Float32Array.of(1, 2, 3, 6))
    expect([values.train.classes, values.classNames]).toEqual([undefined, []])
    const classes = await load('a,b\n0,10\n0,9\n1,10\n', { label: 'b', labels: 'classes' })
    expect([[...classes.train.labels], classes.classNames]).toEqual([
      [1, 0, 1],
      ['9', '10'],
    ])
  })

  it('reads a file without the names of its columns, parted by semicolons', async () => {
    const { train } = await load('1;x\n2;y\n', { names: ['number', 'kind'], delimiter: ';' })
    expect([[...inputsInMemory(train)], [...train.labels]]).toEqual([
      [1, 2],
      [0, 1],
    ])
  })

  it.each([
    // Of 1, 2 and 3 alone: mean 2, deviation 0.8165.
    ['standard', [-1.2247, 0, 1.2247], 4.899],
    ['minMax', [0, 0.5, 1], 2.5],
  ] as const)('is normalized by the training samples: %s', async (normalize, train, validation) => {
    const data = await loadCsv({ path: write('x,y\n1,0\n2,0\n3,0\n6,0\n'), label: 'y', normalize })
    const settled = prepareSplits(data, { validationSplit: 0.25 })
    const rounded = (numbers: Iterable<number>) => [...numbers].map((value) => Math.round(value * 1e4) / 1e4)
    expect(rounded(inputsInMemory(settled.train))).toEqual(train)
    expect(rounded(inputsInMemory(settled.validation!))).toEqual([validation])
    expect(prepareSplits(settled, { validationSplit: 0.25 })).toEqual(settled)
  })

  it('leaves a column that is the same everywhere, and ones and zeros, as they are', async () => {
    const data = await loadCsv({ path: write('x,c,y\n5,a,0\n5,b,1\n'), label: 'y' })
    expect([...inputsInMemory(prepareSplits(data, { validationSplit: 0 }).train)]).toEqual([0, 1, 0, 0, 0, 1])
  })

  it('takes away from a column that is the same everywhere no more than that', async () => {
    const rows = Array.from({ length: 7 }, (_, row) => `0.1,${row}`)
    const data = await loadCsv({ path: write(`x,y\n${rows.join('\n')}\n`), label: 'y', normalize: 'standard' })
    expect([...inputsInMemory(prepareSplits(data, { validationSplit: 0 }).train)]).toEqual(rows.map(() => 0))
  })

  it('keeps as large a part of each class for testing', async () => {
    const rows = Array.from({ length: 30 }, (_, row) => `${row},${row < 20 ? 'a' : 'b'}`)
    const { train, test } = await load(`x,kind\n${rows.join('\n')}\n`, { testSplit: 0.2 })
    expect([train.count, test!.count, [...test!.labels]]).toEqual([24, 6, [0, 0, 0, 0, 1, 1]])
    const seen = [...inputsInMemory(train), ...inputsInMemory(test!)]
    expect(new Set(seen).size).toBe(30)
    expect(test!.origin!(0)).toEqual({ file: join(folder, 'table.csv'), line: inputsInMemory(test!)[0]! + 2 })
  })

  it('reads validation and test files, wherever the folder is', async () => {
    const test = write('size,colour,kind\n4,red,dog\n', 'test.csv')
    const { validation, test: tested } = await load(table, { test, validation: test })
    expect([tested!.labels, validation!.count]).toEqual([Int32Array.of(1), 1])
    const elsewhere = await loadCsv({ path: '/nowhere/table.csv', label: 'kind', test: '/nowhere/test.csv' }, folder)
    expect(elsewhere.test!.count).toBe(1)
  })

  it.each<[string, string, Partial<CsvOptions>, string]>([
    ['a missing number', 'x,kind\n1,a\n,b\n3,a\nNA,b\n', {}, 'line 3, 5: the value of "x" is missing'],
    ['a missing category', 'x,kind\na,a\n?,b\n', {}, 'line 3: the value of "x" is missing'],
    ['a missing label', 'x,kind\n1,a\n2,\n', {}, 'line 3: the value of "kind" is missing'],
    [
      'text among numbers',
      'x,kind\n1,a\n2x,b\n',
      { columns: { x: { type: 'number' } } },
      'line 3: "2x" in "x" is not a number',
    ],
    ['a label that is no column', table, { label: 'species' }, 'has no column "species"'],
    ['an option for no column', table, { columns: { sise: { type: 'ignore' } } }, 'has no column "sise"'],
    [
      'a category that is not stated',
      table,
      { columns: { colour: { type: 'oneHot', values: ['red'] } } },
      'line 3: "green" is not one of the values of "colour"',
    ],
    ['two columns of one name', 'a,a,kind\n1,2,3\n', {}, 'has two columns named "a"'],
    ['nothing but the label', 'kind\na\n', {}, 'no columns besides the label'],
    ['no rows', 'x,kind\n', {}, 'no rows'],
    ['an empty file', '', {}, 'is empty'],
  ])('refuses %s', async (_name, text, options, message) => {
    const failure = await load(text, options).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: expect.stringMatching(/^data\//) })
    expect(failure).toMatchObject({ message: expect.stringContaining(message) })
  })

  it('refuses a test with other columns, classes or categories', async () => {
    const test = (text: string) => load(table, { test: write(text, 'test.csv') })
    await expect(test('size,kind\n1,cat\n')).rejects.toThrow('test.csv has the columns "size", "kind"')
    await expect(test('size,colour,kind\n1,red,cow\n')).rejects.toThrow(
      'line 2: "cow" is not one of the values of "kind"',
    )
    await expect(test('size,colour,kind\n1,pink,cat\n')).rejects.toThrow('line 2: "pink" is not one of the values')
  })

  it('refuses files that are missing or not UTF-8', async () => {
    writeFileSync(join(folder, 'latin.csv'), Buffer.from([0x61, 0xe9, 0x0a]))
    await expect(loadCsv({ path: join(folder, 'latin.csv'), label: 'a' })).rejects.toThrow('is not UTF-8 text')
    await expect(loadCsv({ path: join(folder, 'none.csv'), label: 'a' })).rejects.toThrow('There is no file')
  })

  it('keeps categories as numbers: many of them take little memory', () => {
    const names = Array.from({ length: 200 }, (_, at) => `c${at}`)
    const rows = Array.from(
      { length: 900 },
      (_, row) => `${names.map((_name, at) => `v${(row * (at + 7)) % 600}`).join(',')},${row % 3}`,
    )
    const path = write(`${names.join(',')},y\n${rows.join('\n')}\n`, 'categories.csv')
    const module = new URL('../../../src/parts/datasets/csv.fast.ts', import.meta.url)
    const options = { path, label: 'y', labels: 'classes', maxCategories: 1000, testSplit: 0.2 }
    const program = `
      const { loadCsv } = await import(${JSON.stringify(module.href)})
      const { train, test } = await loadCsv(${JSON.stringify(options)})
      console.log(JSON.stringify([train.count + test.count, train.sampleShape[0], process.resourceUsage().maxRSS]))`
    const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program])
    const [count, width, kilobytes] = JSON.parse(output.toString()) as [number, number, number]
    expect(count).toBe(900)
    expect(width).toBeGreaterThan(50_000)
    // Ones and zeros alone would take 300 MB or more.
    expect(kilobytes).toBeLessThan(300_000)
  })
})
