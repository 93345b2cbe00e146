/** The tools of `shapewright mcp`, called by the client of the SDK through the built command line. */
import { mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bin, runCli } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const root = realpathSync(temporaryFolder())
const project = join(root, 'project')
const client = new Client({ name: 'test', version: '1' })

const digits = 'name: digits\ndataset: mnist\nlayers:\n  - flatten\n  - dense: { units: 10 }\n'
const broken = digits.replace('flatten', 'Flatten')
const composed = digits.replace('layers', 'vars: { w: 10 }\nlayers').replace('units: 10', 'units: $w')
const secret = 'name: secret\nlayers: [hidden]\n'
const onData = (folder: string) =>
  `name: a\ndataset: { csv: { path: ${folder}, label: c } }\nlayers:\n  - dense: { units: 2 }\n`

const files: Readonly<Record<string, string>> = {
  'digits.yaml': digits,
  'broken.yaml': broken,
  'composed.yaml': composed,
  'child.yaml': 'extends: ../secret.yaml\nname: child\n',
  'linked-parent.yaml': 'extends: ./link/secret.yaml\nname: child\n',
  'far-data.yaml': onData('../table.csv'),
  'near-data.yaml': onData('./table.csv'),
  'table.csv': 'a,b,c\n1,2,x\n3,4,y\n',
}

beforeAll(async () => {
  mkdirSync(project)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text)
  writeFileSync(join(root, 'secret.yaml'), secret)
  writeFileSync(join(root, 'table.csv'), files['table.csv']!)
  symlinkSync(root, join(project, 'link'))
  symlinkSync(join(root, 'secret.yaml'), join(project, 'link.yaml'))
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [bin, 'mcp'], cwd: project }))
})

afterAll(() => client.close())

type Content = readonly { readonly text: string }[]

async function call(name: string, given: Record<string, unknown>): Promise<{ text: string; isError: boolean }> {
  const { content, isError } = await client.callTool({ name, arguments: given })
  return { text: (content as Content).map(({ text }) => text).join('\n---\n'), isError: isError === true }
}

it('lists tools that only read', async () => {
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual(['check', 'expand', 'summary', 'explain', 'diff', 'fix'])
  for (const { annotations, description } of tools) {
    expect(annotations).toMatchObject({ readOnlyHint: true, openWorldHint: false })
    expect(description).toMatch(/^[A-Z].*\.$/)
  }
  expect(client.getInstructions()).toContain('call `check`')
})

it.each<[tool: string, given: Record<string, unknown>, parts: readonly string[]]>([
  ['check', { path: 'digits.yaml' }, ['ok digits.yaml: 2 layers, 7,850 parameters, all shapes fit']],
  ['check', { path: join(project, 'digits.yaml') }, ['all shapes fit']],
  ['check', { path: 'broken.yaml' }, ['error[schema/unknown-layer]', 'broken.yaml:4:5', '1 error']],
  ['check', { path: 'digits.yaml', text: broken }, ['error[schema/unknown-layer]', 'digits.yaml:4:5']],
  ['check', { path: 'unsaved.yaml', text: digits }, ['ok unsaved.yaml']],
  ['check', { path: 'composed.yaml', set: ['vars.w=20'] }, ['ok', '15,700 parameters']],
  ['check', { path: 'near-data.yaml' }, ['exceeds the 2 training samples']],
  ['expand', { path: 'composed.yaml' }, ['dense: { units: 10 } # line']],
  ['summary', { path: 'digits.yaml' }, ['(batch, 784)', 'Total params:']],
  ['explain', { code: 'shape/kernel-exceeds-input' }, ['Wrong:', 'Right:']],
  ['explain', {}, ['shape/kernel-exceeds-input', 'schema/unknown-layer']],
  ['diff', { before: 'digits.yaml', after: 'composed.yaml' }, ['The specs are equal.']],
  ['diff', { before: 'digits.yaml', after: 'x.yaml', afterText: digits.replace('10', '12') }, ['7,850 → 9,420']],
  ['fix', { path: 'broken.yaml' }, ['1 fix applied.', '- replace `Flatten` with `flatten`', `\n---\n${digits}`]],
])('%s %j', async (tool, given, parts) => {
  const { text, isError } = await call(tool, given)
  expect(isError).toBe(false)
  for (const part of parts) expect(text).toContain(part)
})

it.each<[tool: string, given: Record<string, unknown>, problem: string, help: string]>([
  ['check', { path: 'missing.yaml' }, 'there is no file', 'help: '],
  ['check', { path: '-' }, 'there is no file', 'help: '],
  ['check', { path: '.' }, 'is a folder', 'help: '],
  ['check', {}, 'path', 'expected string'],
  ['check', { path: '../secret.yaml' }, 'is outside of', 'help: name a file of this folder'],
  ['check', { path: join(root, 'secret.yaml') }, 'is outside of', 'help: name a file of this folder'],
  ['check', { path: 'link.yaml' }, 'a link that leads outside', 'help: name a file of this folder'],
  ['check', { path: 'link/new.yaml', text: digits }, 'a link that leads outside', 'help: name a file of this folder'],
  ['summary', { path: 'broken.yaml' }, 'error[schema/unknown-layer]', 'help: correct them, or call `fix`'],
  ['expand', { path: 'x.yaml', text: 'layers: [' }, 'cannot be expanded', 'help: correct the mistakes'],
  ['explain', { code: 'shape/kernel-exceeds' }, 'there is no diagnostic', 'help: '],
  ['diff', { before: 'digits.yaml', after: 'broken.yaml' }, 'broken.yaml has errors', 'help: correct them'],
])('%s %j is an error that says what to do', async (tool, given, problem, help) => {
  const { text, isError } = await call(tool, given)
  expect(isError).toBe(true)
  expect(text).toContain(problem)
  expect(text).toContain(help)
})

it.each(['child.yaml', 'linked-parent.yaml', 'far-data.yaml'])('reads nothing outside for %s', async (path) => {
  const { text } = await call('check', { path })
  expect(text).toContain('is outside of')
  expect(text).not.toMatch(/hidden|"x"/)
})

it('writes no file', () => {
  expect(readdirSync(project).toSorted()).toEqual([...Object.keys(files), 'link', 'link.yaml'].toSorted())
  expect(readFileSync(join(project, 'broken.yaml'), 'utf8')).toBe(broken)
})

it('ends with its input', async () => {
  expect(await runCli(['mcp'])).toMatchObject({ code: 0, stdout: '', stderr: '' })
})
