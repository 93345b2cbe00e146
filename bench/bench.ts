/** `npm run bench -- check | check-growth | describe | watch | keystroke | train | run | memory | feed | compile | scripts`: each figure is a ratio to a measurement of the same run. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  check: async () => (await import('./check.ts')).benchCheck(),
  'check-growth': async () => (await import('./checkGrowth.ts')).benchCheckGrowth(),
  describe: async () => (await import('./describe.ts')).benchDescribe(),
  watch: async () => (await import('./watch.ts')).benchWatch(),
  keystroke: async () => (await import('./keystroke.ts')).benchKeystroke(),
  train: async () => (await import('./train.ts')).benchTrain(),
  run: async () => (await import('./run.ts')).benchRun(),
  memory: async () => (await import('./memory.ts')).benchMemory(),
  feed: async () => (await import('./feed.ts')).benchFeed(),
  compile: async () => (await import('./compile.ts')).benchCompile(),
  scripts: async () => (await import('./scripts.ts')).benchScripts(),
}

const [name = ''] = process.argv.slice(2)
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined
if (bench === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join(' | ')}`)
  process.exitCode = 2
} else await bench()
