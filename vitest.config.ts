import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const report = process.env['VITEST_JSON']

/** Tests that leave no global state behind. Their files share a process, so that modules are loaded once and not for each file. */
const stateless = [
  'architecture',
  'prose',
  'compile/*',
  'compose/*',
  'diagnostics/*',
  'docs/*',
  'editor/**/*',
  'golden/*',
  'graph/*',
  'keras/*',
  'language/*',
  'parts/**/*',
  'report/**/*',
  'rules/*',
  'source/*',
  'sweep/*',
  'system/*',
  'validation/**/*',
].map((name) => `test/${name}.test.ts`)

export default defineConfig({
  // As scripts for the package import it.
  resolve: { alias: { 'shapewright/train': fileURLToPath(new URL('src/train.ts', import.meta.url)) } },
  test: {
    globalSetup: 'test/temporaryFolder.ts',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      { extends: true, test: { name: 'shared', include: stateless, isolate: false } },
      // The backends of TensorFlow.js and their kernels are global state: a process for each file.
      { extends: true, test: { name: 'isolated', include: ['test/**/*.test.ts'], exclude: stateless } },
    ],
  },
})
