// node scripts/run.mjs FILE [ARGUMENT…]: runs one of our TypeScript files, installing what is missing first.
import { launch } from './launch.mjs'

const [file, ...args] = process.argv.slice(2)
if (!file) {
  console.error('Say which file: node scripts/run.mjs FILE [ARGUMENT…]')
  process.exit(2)
}
await launch(file, args)
