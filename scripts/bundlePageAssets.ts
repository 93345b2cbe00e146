/** Bundles the script and the style sheets of report pages and network drawings. */
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { bundledPackages, printNotices } from './thirdPartyNotices.ts'

export interface PageAssets {
  /** The text of src/report/generated/pageAssets.js. */
  readonly source: string
  /** The packages whose code is in the page. */
  readonly packages: readonly string[]
}

export function bundlePageAssets(): PageAssets {
  const [page, styles, network] = ['main.ts', 'report.css', 'network.css'].map((name) => bundle(name)) as [
    Bundle,
    Bundle,
    Bundle,
  ]
  const packages = [...new Set([...page.packages, ...styles.packages])]
  // Pages are distributed without the package, so each contains the notices.
  const script = `/*!\nThis page holds code of others:\n\n${printNotices(packages)}*/\n${page.text}`
  if (/<\/(script|style)/i.test(script + styles.text)) throw new Error('the page assets would end their own element')
  if (printNotices(packages).includes('*/')) throw new Error('a licence text would end its comment')
  const assets = { pageScript: script, pageStyles: styles.text, networkStyles: network.text }
  const lines = Object.entries(assets).map(([name, text]) => `export const ${name} = ${JSON.stringify(text)}\n`)
  return { source: lines.join(''), packages }
}

interface Bundle {
  readonly text: string
  readonly packages: readonly string[]
}

function bundle(name: string): Bundle {
  const { outputFiles, metafile } = buildSync({
    entryPoints: [fileURLToPath(new URL(`../src/report/page/${name}`, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    target: ['chrome100', 'firefox100', 'safari15'],
    legalComments: 'none',
  })
  return { text: outputFiles[0]!.text.trim(), packages: bundledPackages(metafile) }
}
