/** No link between the Markdown files of the repository is dead: each names a file that exists, and a heading that the file has. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { resolveLink } from '../../docs/.vitepress/links.ts'
import { repository } from '../cli/runCli.ts'
import { readPages } from './markdownPages.ts'

const pages = [...readPages().map(({ path }) => path), 'bench/README.md']

it('finds the pages', () => {
  expect(pages.length).toBeGreaterThan(40)
})

it.each(pages)('%s', (name) => {
  const file = join(repository, name)
  const text = readFileSync(file, 'utf8')
    .replaceAll(/^```[^]*?^```/gm, '')
    .replaceAll(/`[^`\n]+`/g, 'code')
  const dead = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].flatMap(([, link, image]) => {
    try {
      resolveLink(repository, file, (link ?? image)!)
      return []
    } catch (error) {
      return [(error as Error).message]
    }
  })
  expect(dead).toEqual([])
})
