/**
 * Every command of README and docs runs, in a folder with a few made-up samples in place of the published datasets. In a page, a YAML block that
 * begins with `# NAME.yaml` becomes that file. A command may fail where a text block with its error follows. What cannot run has its flags
 * checked, or `<!-- not run: REASON -->` before its block; the test prints both.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repository } from '../cli/runCli.ts'
import { blocksOf, isGenerated, readPages, type Block, type Page } from './markdownPages.ts'
import { copySandbox, createSandbox, limitFile, limitSamples, runLine } from './sandbox.ts'
import { commandsOf, misuseOf, reasonNotToRun } from './shellLines.ts'

const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}
const pages = readPages()
const isShell = ({ language }: Block) => ['sh', 'bash', 'shell', 'console'].includes(language)
const place = ({ page, line }: Block) => `${page}:${line}`

const notRun: string[] = []
let prepared = ''
beforeAll(async () => {
  prepared = createSandbox()
  const results = [
    await runLine('npx shapewright train configs/mnist-cnn.yaml --epochs 1', prepared),
    await runLine(
      'cp runs/mnist-cnn/checkpoints/step-*.safetensors runs/mnist-cnn/checkpoints/best.safetensors',
      prepared,
    ),
    await runLine('npx shapewright train digits.yaml --epochs 1', prepared),
    await runLine('cp -r runs/mnist-cnn runs/mnist-cnn-2 && cp -r runs/mnist-cnn runs/rare', prepared),
  ]
  expect(results.filter(({ code }) => code !== 0)).toEqual([])
}, 240_000)
afterAll(() => {
  rmSync(prepared, { recursive: true, force: true })
  console.log(`not run:\n${notRun.toSorted().join('\n')}`)
})

describe('the flags of commands', () => {
  it('exist', () => {
    const lines = pages.flatMap(blocksOf).filter(isShell)
    const wrong = lines.flatMap((block) =>
      commandsOf(block.text).flatMap((line) => misuseOf(line, scripts).map((what) => `${place(block)}: ${what}`)),
    )
    expect(wrong).toEqual([])
  })

  it('exist in inline code', () => {
    const wrong = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/`((?:npx )?shapewright [a-z][^`\n]*)`/g)].flatMap(([, line]) =>
        misuseOf(line!, scripts).map((what) => `${path}: ${line}: ${what}`),
      ),
    )
    expect(wrong.filter((line) => !line.startsWith('CHANGELOG.md'))).toEqual([])
  })
})

const withCommands = pages.filter((page) => !isGenerated(page) && blocksOf(page).some(isShell))

describe('the commands of', () => {
  it.each(withCommands)('$path', { timeout: 300_000 }, async (page) => {
    const folder = copySandbox(prepared)
    try {
      expect(await runPage(page, folder)).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

/** What went wrong, by place. */
async function runPage(page: Page, folder: string): Promise<string[]> {
  const problems: string[] = []
  const blocks = blocksOf(page)
  for (const [index, block] of blocks.entries()) {
    const [, file] = /^# ([\w-]+\.yaml)\n/.exec(block.text) ?? []
    if (block.language === 'yaml' && file !== undefined) writeFileSync(join(folder, file), limitSamples(block.text))
    if (!isShell(block)) continue
    if (block.notRun !== undefined) notRun.push(`${place(block)}: ${block.notRun}`)
    else problems.push(...(await runBlock(block, blocks[index + 1], folder)))
  }
  return problems
}

async function runBlock(block: Block, next: Block | undefined, folder: string): Promise<string[]> {
  const problems: string[] = []
  const lines = commandsOf(block.text)
  for (const line of lines) {
    const reason = reasonNotToRun(line)
    if (reason !== undefined) notRun.push(`${place(block)}: ${line}: ${reason}`)
    else problems.push(...(await runCommand(line, block, line === lines.at(-1) && showsError(next), folder)))
  }
  return problems
}

async function runCommand(line: string, block: Block, mayFail: boolean, folder: string): Promise<string[]> {
  if (/(^|\s)(\.\.|~)?\//.test(line)) return [`${place(block)}: ${line}: leaves the folder`]
  // A page may begin with a first spec more than once.
  const [, created] = / init ([\w-]+)/.exec(line) ?? []
  if (created !== undefined) rmSync(join(folder, `${created}.yaml`), { force: true })
  const { code, output } = await runLine(line, folder)
  if (created !== undefined) limitFile(join(folder, `${created}.yaml`))
  // `diff` exits with 1 where the two differ, as the command of that name.
  const isFine = code === 0 || (code === 1 && / diff /.test(line)) || (mayFail && code !== null && code < 3)
  return isFine ? [] : [`${place(block)}: ${line}: exit code ${code}\n${output.slice(-600)}`]
}

function showsError(next: Block | undefined): boolean {
  return next?.language === 'text' && /^error[:[]/m.test(next.text)
}
