/**
 * The outputs that the manual shows are those of the program. In each page, a YAML block that begins with `# NAME.yaml` is written to that file,
 * and a command of `check` or `summary`, or one that is refused, is run if a text block follows it. `npm run test:update` writes the outputs anew.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bin, repository } from '../cli/runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const pages = ['tutorial.md', 'howto/several-inputs.md', 'composition.md']

it.each(pages)('docs/%s', { timeout: 120_000 }, async (name) => {
  const page = join(repository, 'docs', name)
  await expect(renewOutputs(readFileSync(page, 'utf8'))).toMatchFileSnapshot(page)
})

function renewOutputs(text: string): string {
  const folder = temporaryFolder()
  return text.replaceAll(
    /```yaml\n(# (\S+\.yaml)\n[^]*?)```|```sh\n(npx shapewright .+)\n```\n\n```text\n([^]*?)```/g,
    (block, spec: string | undefined, file: string, command: string, shown: string) => {
      if (spec === undefined)
        return isRun(command, shown)
          ? `\`\`\`sh\n${command}\n\`\`\`\n\n\`\`\`text\n${run(command, folder)}\`\`\``
          : block
      writeFileSync(join(folder, file), spec)
      return block
    },
  )
}

/** Whether a command is quick: one that only checks, or that is refused. */
function isRun(command: string, shown: string): boolean {
  return /^npx shapewright (check|summary) /.test(command) || shown.startsWith('error:')
}

/** What it prints on stdout and stderr, in the order of a terminal. */
function run(command: string, folder: string): string {
  const output = join(folder, 'output')
  const file = openSync(output, 'w')
  const args = command.split(' ').slice(2)
  spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    stdio: ['ignore', file, file],
    env: { ...process.env, NO_COLOR: '1' },
  })
  closeSync(file)
  return `${readFileSync(output, 'utf8').trimEnd()}\n`
}
