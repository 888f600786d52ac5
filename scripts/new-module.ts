import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { roomFiles } from './new-module-files.ts'

/** npm run new <module>: a room with one route and one passing test, known to npm and to the import rules. */
const [name = '', rootGiven] = process.argv.slice(2)
const root = resolve(rootGiven ?? join(import.meta.dirname, '..'))

const refusal = refuse(name)
if (refusal) {
  console.error(refusal)
  process.exit(2)
}

for (const [path, text] of Object.entries(roomFiles(name, stamp(new Date())))) write(`modules/${name}/${path}`, text)
linkAsNpmWould()
standOnTheTopFloor()
console.log(`modules/${name} is there, on the top floor (scripts/floors.json). What is left to you:

  1. read modules/${name}/contract.ts and make it promise what the room is for
  2. name the room in apps/server/modules.ts, and its permission in a role of modules/access
  3. npx vitest run modules/${name}`)

function refuse(wanted: string): string | undefined {
  if (!/^[a-z]{2,30}$/.test(wanted))
    return 'Say which module: npm run new <module>, one word of small English letters, plural where English has one.'
  if (existsSync(join(root, 'modules', wanted))) return `modules/${wanted} exists already.`
  if (wanted === 'house') return 'The schema "house" belongs to packages/server: choose another name.'
  return undefined
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** A workspace is two entries in the lock and a link: the same that `npm install` would write, without asking the network. */
function linkAsNpmWould(): void {
  const lockPath = join(root, 'package-lock.json')
  const lock = JSON.parse(readFileSync(lockPath, 'utf8')) as { packages: Record<string, object> }
  lock.packages[`modules/${name}`] = { name: `@renxin/${name}` }
  lock.packages[`node_modules/@renxin/${name}`] = { resolved: `modules/${name}`, link: true }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`)
  symlinkSync(`../../modules/${name}`, join(root, 'node_modules/@renxin', name), 'dir')
}

function standOnTheTopFloor(): void {
  const path = join(root, 'scripts/floors.json')
  const floors = JSON.parse(readFileSync(path, 'utf8')) as string[][]
  floors.at(-1)?.push(name)
  const lines = floors.map((floor) => `  ${JSON.stringify(floor).replaceAll(',', ', ')}`)
  writeFileSync(path, `[\n${lines.join(',\n')}\n]\n`)
}

/** The date that decides the order of migrations over all modules. */
function stamp(at: Date): string {
  const [day = '', time = ''] = at.toISOString().split('T')
  return `${day.replaceAll('-', '')}-${time.slice(0, 5).replace(':', '')}`
}
