import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkHouse } from './index.ts'
import { drawModules, placePicture } from './picture.ts'

const rooms = ['patients', 'feedback', 'analytics', 'access']
const tools = ['kernel', 'server', 'client', 'ui', 'hl7']
const workspaces = [...rooms.map((name) => `modules/${name}`), ...tools.map((name) => `packages/${name}`)]

/** A small house in which everything is right. */
const sound: Record<string, string> = {
  'packages/kernel/index.ts': `import { z } from 'zod'\nexport const newId = () => z.uuid()\n`,
  'packages/server/index.ts': `import { newId } from '@renxin/kernel'\nexport const serve = newId\nexport const now = () => Date.now()\n`,
  'packages/client/index.ts': `export { newId } from '@renxin/kernel'\n`,
  'packages/ui/index.ts': `import { Button } from 'antd'\nexport const Knob = Button\n`,
  'packages/ui/words.ts': `export const defineWords = (words: object) => words\n`,
  'packages/hl7/index.ts': `export const decode = (bytes: Uint8Array) => bytes\n`,
  'apps/server/main.ts': `import { patients } from '@renxin/patients'\nexport const rooms = [patients]\n`,
  'modules/patients/contract.ts': `import { newId } from '@renxin/kernel'\nimport { grade } from './grades.ts'\nexport const patientsApi = { newId, grade }\n`,
  'modules/patients/grades.ts': `export const grade = (n: number, at: number) => new Date(at + n)\n`,
  'modules/patients/words.ts': `import { defineWords } from '@renxin/ui/words'\nexport const words = defineWords({})\n`,
  'modules/patients/server/index.ts': `import { serve } from '@renxin/server'\nimport { patientsApi } from '../contract.ts'\nexport const patients = serve() ?? patientsApi\n`,
  'modules/patients/server/service.ts': [
    `// what stood here once: new Date() and Math.random(), joined with feedback.complaints`,
    `export const find = (db: any, sql: any) => [db.selectFrom('patients.people as p'), sql\`select * from patients.people p join house.hospital_list() h on true\`]`,
    `export const may = 'feedback.complaints'`,
  ].join('\n'),
  'modules/patients/server/migrations/20260101-0000-patients.sql': [
    `create schema patients;`,
    `create table patients.people (hospital_id int not null default house.hospital(), id uuid, hospital int references house.hospitals);`,
    `create table patients.secrets (id uuid);`,
    `create view patients.cards with (security_invoker = true) as select id from patients.people;`,
    `call house.guard('patients.people');`,
    `call house.publish('patients.cards');`,
  ].join('\n'),
  'modules/patients/console/index.tsx': `import { newId } from '@renxin/client'\nimport { patientsApi } from '../contract.ts'\nexport const console = { newId, patientsApi }\n`,
  'modules/feedback/contract.ts': `import { patientsApi } from '@renxin/patients/contract'\nexport const feedbackApi = { patientsApi }\n`,
  'modules/feedback/server/index.ts': `import { patients } from '@renxin/patients'\nexport const feedback = (db: any) => [patients, db.selectFrom('feedback.complaints as c').innerJoin('patients.cards as p', 'p.id', 'c.id')]\n`,
  'modules/feedback/server/migrations/20260102-0000-feedback.sql': `create schema feedback;\ncreate table feedback.complaints (id uuid, patient_id uuid references patients.people);\n`,
  'modules/analytics/server/index.ts': `import { feedback } from '@renxin/feedback'\nexport const analytics = feedback\n`,
  'modules/access/server/audit.ts': 'export const trail = (sql: any) => sql`select * from house.audit a where true`\n',
  'package-lock.json': JSON.stringify({
    packages: {
      '': { optionalDependencies: { a: '1' } },
      'node_modules/a': { version: '1' },
      ...Object.fromEntries(workspaces.map((folder) => [folder, {}])),
    },
  }),
  'README.md': '# A house\n',
}

const room = (name: string) =>
  JSON.stringify({
    name: `@renxin/${name}`,
    type: 'module',
    exports: { '.': './server/index.ts', './contract': './contract.ts', './console': './console/index.tsx' },
  })
const tool = (name: string) =>
  JSON.stringify({ name: `@renxin/${name}`, type: 'module', exports: { '.': './index.ts', './words': './words.ts' } })

let original: string

beforeAll(async () => {
  original = await mkdtemp(join(tmpdir(), 'renxin-rules-'))
  await mkdir(join(original, 'node_modules/@renxin'), { recursive: true })
  for (const name of rooms) await furnish('modules', name, room(name))
  for (const name of tools) await furnish('packages', name, tool(name))
  for (const name of ['zod', 'antd', 'fastify']) {
    await write(original, `node_modules/${name}/package.json`, `{ "name": "${name}", "main": "index.js" }`)
    await write(original, `node_modules/${name}/index.js`, '')
  }
  for (const [path, text] of Object.entries(sound)) await write(original, path, text)
})

afterAll(() => rm(original, { recursive: true, force: true }))

async function furnish(floor: string, name: string, manifest: string) {
  await write(original, `${floor}/${name}/package.json`, manifest)
  await symlink(join('../..', floor, name), join(original, 'node_modules/@renxin', name))
}

async function write(root: string, path: string, text: string) {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

/** The rules broken, in a copy of the sound house with these files in it. */
async function rulesBroken(planted: Record<string, string>): Promise<string[]> {
  const copy = `${original}-copy`
  await cp(original, copy, { recursive: true, verbatimSymlinks: true })
  try {
    for (const [path, text] of Object.entries(planted)) await write(copy, path, text)
    const findings = await checkHouse(copy)
    return [...new Set(findings.map(({ rule }) => rule))]
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

test('in a sound house nothing is found', async () => {
  expect(await rulesBroken({})).toEqual([])
})

test('a house of which nothing could be read is not sound', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'renxin-rules-empty-'))

  const findings = await checkHouse(empty)

  expect(findings).toContainEqual(expect.objectContaining({ rule: 'all-is-read' }))
  await rm(empty, { recursive: true })
})

const planted: [rule: string, name: string, files: Record<string, string>][] = [
  [
    'no-circle',
    'two files in a circle',
    { 'modules/patients/server/a.ts': `export { b } from './b.ts'\n`, 'modules/patients/server/b.ts': `export { a as b } from './a.ts'\n` },
  ],
  [
    'no-circle',
    'a circle by types alone',
    {
      'modules/patients/server/a.ts': `import type { B } from './b.ts'\nexport type A = B\n`,
      'modules/patients/server/b.ts': `import type { A } from './a.ts'\nexport type B = A\n`,
    },
  ],
  [
    'by-the-door',
    'the relative way round',
    { 'modules/feedback/server/a.ts': `export { patients } from '../../patients/server/index.ts'\n` },
  ],
  [
    'a-real-door',
    'a file behind the door',
    { 'modules/feedback/server/a.ts': `import type { grade } from '../../patients/grades.ts'\nexport type A = typeof grade\n` },
  ],
  ['five-doors', 'a sixth door', { 'modules/patients/package.json': room('patients').replace('./contract.ts', './grades.ts') }],
  ['every-room-has-a-floor', 'a room without a floor', { 'modules/kitchen/server/a.ts': `export { newId } from '@renxin/kernel'\n` }],
  ['calls-go-down', 'a call upstairs', { 'modules/patients/server/a.ts': `export { feedback } from '@renxin/feedback'\n` }],
  [
    'calls-go-down',
    "a type from upstairs' contract",
    {
      'modules/patients/server/a.ts': `import type { feedbackApi } from '@renxin/feedback/contract'\nexport type A = typeof feedbackApi\n`,
    },
  ],
  [
    'nobody-calls-the-counters',
    'a call to analytics',
    { 'modules/feedback/server/a.ts': `export { analytics } from '@renxin/analytics'\n` },
  ],
  ['tools-know-no-rooms', 'a package that knows a room', { 'packages/server/a.ts': `export { patients } from '@renxin/patients'\n` }],
  [
    'rooms-know-no-street',
    'a room that knows an app',
    { 'modules/patients/server/a.ts': `export { rooms } from '../../../apps/server/main.ts'\n` },
  ],
  ['kernel-stands-on-zod', 'a kernel that reads files', { 'packages/kernel/a.ts': `export { readFile } from 'node:fs/promises'\n` }],
  [
    'a-contract-is-a-promise',
    'a contract that knows the server',
    { 'modules/feedback/contract.ts': `export { serve } from '@renxin/server'\n` },
  ],
  [
    'a-contract-is-a-promise',
    'a contract that imports its server side',
    { 'modules/patients/contract.ts': `import type { find } from './server/service.ts'\nexport type A = typeof find\n` },
  ],
  [
    'both-sides-take-no-side',
    'shared reckoning that knows the server',
    { 'modules/patients/grades.ts': `export { serve } from '@renxin/server'\n` },
  ],
  [
    'pages-stay-in-the-browser',
    'a page that imports its server side',
    { 'modules/patients/console/Page.tsx': `import type { find } from '../server/service.ts'\nexport type A = typeof find\n` },
  ],
  [
    'pages-stay-in-the-browser',
    'a page that imports the plumbing',
    { 'modules/patients/console/Page.tsx': `export { serve } from '@renxin/server'\n` },
  ],
  [
    'pages-stay-in-the-browser',
    "a page that imports a neighbour's server face",
    { 'modules/feedback/console/Page.tsx': `export { patients } from '@renxin/patients'\n` },
  ],
  [
    'rooms-keep-their-pages-apart',
    'a server that imports a page',
    { 'modules/patients/server/a.ts': `export { console } from '../console/index.tsx'\n` },
  ],
  ['engines-know-no-database', 'an engine that knows the plumbing', { 'packages/hl7/a.ts': `export { serve } from '@renxin/server'\n` }],
  ['only-ui-knows-the-look', 'a page that imports antd', { 'modules/patients/console/Page.tsx': `export { Button } from 'antd'\n` }],
  [
    'only-plumbing-knows-fastify',
    'a module that imports Fastify',
    { 'modules/patients/server/a.ts': `import type { x } from 'fastify'\nexport type A = typeof x\n` },
  ],
  ['what-is-imported-is-there', 'an import that leads nowhere', { 'modules/patients/server/a.ts': `export { x } from './nowhere.ts'\n` }],
  ['all-is-read', 'a file that cannot be parsed', { 'modules/patients/server/a.ts': `export const = = 1\n` }],
  [
    'tables-are-private',
    "a neighbour's table by Kysely",
    { 'modules/feedback/server/a.ts': `export const a = (db: any) => db.selectFrom('patients.secrets').selectAll()\n` },
  ],
  [
    'tables-are-private',
    "a neighbour's table by a join",
    {
      'modules/feedback/server/a.ts': `export const a = (db: any) => db.selectFrom('feedback.complaints as c').leftJoin('patients.people as p', 'p.id', 'c.id')\n`,
    },
  ],
  [
    'tables-are-private',
    "a neighbour's table in a report",
    {
      'modules/feedback/server/a.ts':
        'export const a = (sql: any) => sql`select 1 from feedback.complaints c, patients.people p where true`\n',
    },
  ],
  [
    'tables-are-private',
    "a neighbour's table in a migration",
    { 'modules/feedback/server/migrations/20260103-0000-a.sql': `create view feedback.a as select * from patients.people;\n` },
  ],
  [
    'tables-are-private',
    "writing to a neighbour's view",
    { 'modules/feedback/server/a.ts': `export const a = (db: any) => db.updateTable('patients.cards').set({})\n` },
  ],
  [
    'tables-are-private',
    "publishing a neighbour's table oneself",
    {
      'modules/feedback/server/migrations/20260103-0000-a.sql': `call house.publish('patients.secrets');\nselect * from patients.secrets;\n`,
    },
  ],
  [
    'tables-are-private',
    "the house's own tables",
    { 'modules/feedback/server/a.ts': 'export const a = (sql: any) => sql`select * from house.events`\n' },
  ],
  [
    'tables-are-private',
    'writing into the audit',
    { 'modules/access/server/a.ts': 'export const a = (sql: any) => sql`delete from house.audit`\n' },
  ],
  [
    'tables-are-private',
    'writing into the list of exports',
    { 'modules/access/server/a.ts': `export const a = (sql: any) => sql\`update house.exports set reason = 'x'\`\n` },
  ],
  [
    'migrations-meet-every-hospital',
    'a change of rows that meets none',
    {
      'modules/patients/server/migrations/20260103-0000-a.sql': `alter table patients.people add n int;\nupdate patients.people set n = 1;\n`,
    },
  ],
  [
    'migrations-meet-every-hospital',
    'rows taken from a table that shows none',
    {
      'modules/patients/server/migrations/20260103-0000-a.sql': `create table patients.n (id uuid);\ninsert into patients.n select id from patients.people;\n`,
    },
  ],
  ['time-has-one-door', "the machine's clock", { 'modules/patients/server/a.ts': `export const now = () => new Date()\n` }],
  ['time-has-one-door', "the machine's clock by number", { 'modules/patients/console/a.ts': `export const now = () => Date.now()\n` }],
  ['chance-has-one-door', 'chance', { 'modules/patients/server/a.ts': `export const a = () => Math.random()\n` }],
  ['one-reader-of-the-environment', 'the environment', { 'modules/patients/server/a.ts': `export const a = () => process.env.HOME\n` }],
  [
    'no-test-is-put-aside',
    'a test put aside',
    { 'modules/patients/server/a.test.ts': `declare const test: any\ntest.${'skip'}('x', () => {})\n` },
  ],
  ['nothing-left-to-do', 'a note to do it later', { 'modules/patients/server/a.ts': `// ${'TO'}DO later\nexport const a = 1\n` }],
  ['short-files', 'a file of 401 lines', { 'modules/patients/server/a.ts': `export const a = 1\n${'\n'.repeat(400)}` }],
  [
    'a-whole-lock',
    'a lock without one of its packages',
    { 'package-lock.json': JSON.stringify({ packages: { 'node_modules/a': { optionalDependencies: { 'a-mac': '1' } } } }) },
  ],
  ['a-reason-for-every-package', 'a package nobody explained', { 'package.json': JSON.stringify({ dependencies: { leftpad: '1.0.0' } }) }],
  ['a-reason-for-every-package', 'an explanation of nothing', { 'package.json': '{}', 'docs/dependencies.md': '| `leftpad` | pads |\n' }],
  ['a-whole-lock', 'a room that npm has not been told of', { 'modules/kitchen/package.json': room('kitchen') }],
  [
    'no-addresses',
    'a lock with addresses',
    { 'package-lock.json': JSON.stringify({ packages: { 'node_modules/a': { resolved: 'https://example.org/a.tgz' } } }) },
  ],
  [
    'one-list-of-packages',
    'a version in a workspace',
    { 'packages/hl7/package.json': JSON.stringify({ name: '@renxin/hl7', dependencies: { a: '1' } }) },
  ],
  ['no-machine-paths', 'a path of one machine', { 'README.md': `see /${'home'}/li/renxin\n` }],
  ['no-registries', 'a registry', { 'README.md': `npm i --registry https://registry.${'example'}.org\n` }],
]

test.each(planted)('%s catches %s', async (rule, _, files) => {
  expect(await rulesBroken(files)).toContain(rule)
})

test('a picture drawn of these imports is true until they change', async () => {
  const page = (picture: string) =>
    placePicture('# Plan\n<!-- drawn by scripts/draw-modules.ts: begin -->\n<!-- drawn by scripts/draw-modules.ts: end -->\n', picture)
  const drawn = page(await drawModules(original))

  const now = await rulesBroken({ 'docs/architecture.md': drawn })
  const later = await rulesBroken({
    'docs/architecture.md': drawn,
    'modules/analytics/server/a.ts': `import { trail } from '@renxin/access'\nexport const a = trail\n`,
    'modules/access/server/index.ts': `export { trail } from './audit.ts'\n`,
  })

  expect(drawn).toContain('feedback --> patients')
  expect(drawn).not.toContain('analytics --> patients') // feedback says it already
  expect(now).toEqual([])
  expect(later).toEqual(['a-true-picture'])
})

test('every rule on imports is broken once above', async () => {
  const { default: config } = await import('../../.dependency-cruiser.mjs')

  const broken = new Set(planted.map(([rule]) => rule))

  expect(config.forbidden.map(({ name }) => name).filter((name) => name && !broken.has(name))).toEqual([])
})
