import { fileURLToPath } from 'node:url'
import type { BuildOptions } from 'esbuild'

/** How esbuild bundles the scripts of the studio for browsers. */
export const browserBuild = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'browser',
  target: ['chrome123', 'firefox120', 'safari17.5'],
  alias: { yaml: fileURLToPath(new URL('../node_modules/yaml/browser/dist/index.js', import.meta.url)) },
  minify: true,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions
