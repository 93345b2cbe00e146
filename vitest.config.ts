import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const report = process.env['VITEST_JSON']

export default defineConfig({
  // As scripts for the package import it.
  resolve: { alias: { 'shapewright/train': fileURLToPath(new URL('src/train.ts', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.ts'],
    // TensorFlow.js and its native part are global state: a process for each file.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
