import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { drawModules, pagePath, placePicture } from './rules/picture.ts'

/** Draws the module picture of docs/architecture.md from the imports. `npm run check` fails when it is stale. */
const root = resolve(import.meta.dirname, '..')
const page = join(root, pagePath)
writeFileSync(page, placePicture(readFileSync(page, 'utf8'), await drawModules(root)))
console.log(`The picture in ${pagePath} is drawn.`)
