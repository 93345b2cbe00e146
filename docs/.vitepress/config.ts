/** The documentation site: README.md, CONTRIBUTING.md and docs/, in the order of the manual. `npm run docs:build` writes docs/.vitepress/dist. */
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type DefaultTheme } from 'vitepress'
import { anchorOf } from '../../scripts/docs/markdown.ts'
import { pageOf, siteFile } from './links.ts'
import { adaptMarkdown } from './markdown.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const icon = readFileSync(join(root, 'src/studio/page/icon.svg'), 'utf8')
/** Everything else in the repository that ends with .md. */
const excluded = ['bench', 'configs', 'dist', 'editors', 'generated', 'runs', 'src', 'templates', 'test'].map(
  (name) => `${name}/**`,
)

/** Specs and sources that pages link to. */
const linked = new Set<string>()

export default defineConfig({
  title: 'Shapewright',
  description:
    'A compiler for declarative model specs: YAML in, proven shapes out, then a trained model or a training script.',
  srcDir: '..',
  srcExclude: excluded,
  rewrites: pageOf,
  cleanUrls: true,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  lastUpdated: false,
  markdown: {
    anchor: { slugify: anchorOf },
    theme: { light: 'github-light', dark: 'github-dark' },
    config: (markdown) => adaptMarkdown(markdown, root, linked),
  },
  buildEnd({ outDir }) {
    for (const file of linked) cpSync(join(root, file), join(outDir, siteFile(file)), { recursive: true })
  },
  transformPageData(page) {
    if (page.relativePath !== 'index.md') return
    page.frontmatter['sidebar'] = true
    page.frontmatter['aside'] = false
    page.titleTemplate = 'declarative model specs for TensorFlow.js'
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Tutorial', link: '/tutorial' },
      { text: 'Reference', link: '/reference/' },
      { text: 'Diagnostics', link: '/diagnostics/' },
    ],
    sidebar: [
      section('Start', ['installation', 'tutorial']),
      section('Manual', [
        'language',
        'data',
        'training',
        'compile',
        'interop',
        'import',
        'runs',
        'sweeps',
        'scaling',
        'studio',
        'editors',
        'mcp',
        'ci',
      ]),
      section('How to', [
        'howto/fine-tuning',
        'howto/imbalanced-classes',
        'howto/several-inputs',
        'howto/speed',
        'howto/schedulers',
      ]),
      section('Reference', [...pagesIn('reference'), 'check-json', 'api', 'native', 'webgpu']),
      section('Diagnostics', pagesIn('diagnostics')),
      section('Inside', ['architecture', '../CONTRIBUTING', 'engine', 'measurements/README', '../CHANGELOG']),
    ],
    docFooter: { prev: 'Before', next: 'Next' },
  },
})

function section(text: string, names: readonly string[]): DefaultTheme.SidebarItem {
  const items = names.map((name) => {
    const file = join('docs', `${name}.md`)
    return { text: titleOf(file), link: `/${pageOf(file).replace(/(index)?\.md$/, '')}` }
  })
  return text === 'Diagnostics' || text === 'Inside' ? { text, items, collapsed: true } : { text, items }
}

/** The pages of a generated folder, its README first and the others in the order in which that lists them. */
function pagesIn(folder: string): string[] {
  const overview = readFileSync(join(root, 'docs', folder, 'README.md'), 'utf8')
  const names = [...overview.matchAll(/\]\((\w+)\.md[#)]/g)].map(([, name]) => name)
  return ['README', ...new Set(names)].map((name) => `${folder}/${name}`)
}

function titleOf(file: string): string {
  if (/(reference|diagnostics)\/README\.md$/.test(file)) return 'Overview'
  const title = /^# (?:Diagnostics: )?(.+)$/m.exec(readFileSync(join(root, file), 'utf8'))?.[1] ?? file
  return title.replaceAll('`', '').replace(/^./, (letter) => letter.toUpperCase())
}
