/** Measures a cold `check` of the MNIST spec against an empty Node process. Run `npm run build` first. */
import { median, milliseconds, ratio, timeInTurn } from './processes.ts'

export function benchCheck(): void {
  const times = timeInTurn(
    [
      { name: 'node -e 0', args: ['-e', '0'] },
      { name: 'check', args: ['dist/bin.cjs', 'check', 'configs/mnist-cnn.yaml'] },
      { name: 'check --format json', args: ['dist/bin.cjs', 'check', '--format', 'json', 'configs/mnist-cnn.yaml'] },
    ],
    31,
  )
  const bare = times.get('node -e 0')!
  for (const [name, seconds] of times) {
    console.log(
      `${name.padEnd(20)} ${milliseconds(median(seconds)).padStart(7)}  ${ratio(seconds, bare).toFixed(2)}x of bare node`,
    )
  }
}
