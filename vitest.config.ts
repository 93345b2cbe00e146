import { defineConfig } from 'vitest/config'

const report = process.env['VITEST_JSON']

export default defineConfig({
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
