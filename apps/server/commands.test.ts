import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectOnly } from '@renxin/server/postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { forget, makeDataDir, type Product, runWords, signIn, startProduct } from './testing.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 }) // each is a process of its own, on a machine that may be busy

/** The mapping of a sender as it lies beside the repository, else one of its shape. */
const sample = process.env.RENXIN_SAMPLES && join(process.env.RENXIN_SAMPLES, 'hl7/zh-composed/site-profile.json')
const profile = {
  patientId: 'PID-3 where CX.5=MR',
  visitNo: 'PV1-19.1',
  ward: 'PV1-3.1',
  bed: 'PV1-3.3',
  nursingLevel: 'ZPV-1',
  codes: { nursing: { '1': '特级' } },
}
const password = 'renxin-Trial-1'

let folder: string
let product: Product | undefined

beforeAll(async () => {
  folder = await makeDataDir('commands')
})
afterAll(() => forget(folder, product))

const run = async (...words: string[]) => {
  const ended = await runWords(folder, words)
  return { ...ended, lines: ended.out.trimEnd().split('\n') }
}
const fhir = (key: string) => fetch(`${product?.url}/fhir/R4/Patient`, { headers: { authorization: `Bearer ${key}` } })

test.each([
  'start',
  'migrate',
  'demo',
  'hospital create',
  'user create',
  'api-key create',
  'sender import',
  'simulate',
  'audit verify',
  'audit archive',
  'audit restored',
  'backup',
  'restore',
])('%s says with --help what it does and how', async (command) => {
  const { code, out, err } = await run(...command.split(' '), '--help')

  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain(`Usage: npx renxin ${command}\n`)
  expect(out.trimEnd().split('\n').length).toBeGreaterThanOrEqual(4)
})

test('a command that does not exist, one without its words and an option nobody knows end with 2 and say what there is', async () => {
  const [unknown, missing, strange, nothing] = [
    await run('sing'),
    await run('hospital', 'create'),
    await run('migrate', '--fast'),
    await run(),
  ]

  expect(unknown).toMatchObject({ code: 2, out: '' })
  expect(unknown.err).toMatch(/^renxin: there is no command "sing"\n[\s\S]*hospital create/)
  expect(missing).toMatchObject({ code: 2, err: expect.stringMatching(/^renxin: --name is missing\n\nUsage: npx renxin hospital create/) })
  expect(strange).toMatchObject({ code: 2, err: expect.stringMatching(/^renxin: .*--fast/) })
  expect(nothing).toMatchObject({ code: 0, out: expect.stringContaining('Every command has --help.') })
})

test('on a stopped server: an empty database is made, a hospital founded, and without one nothing else is', async () => {
  const tooEarly = await run('user', 'create', '--name', 'admin')
  const made = await run('hospital', 'create', '--name', '仁心演练医院', '--short', '演练')
  const again = await run('hospital', 'create', '--name', '仁心演练医院')

  expect(tooEarly).toMatchObject({ code: 1, err: 'renxin: There is no hospital yet. Make one with: npx renxin hospital create --name …\n' })
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining('Made hospital 1: 仁心演练医院.') })
  expect(again).toMatchObject({ code: 1, err: 'renxin: There is a hospital of that name already: 1.\n' })
})

test('on a stopped server an account and a key are made, and both are good once it runs', async () => {
  const user = await run('user', 'create', '--name', 'admin', '--password', password)
  const key = await run('api-key', 'create', '--name', '平台', '--scope', 'fhir.read')

  product = await startProduct(folder)

  expect([user.code, key.code]).toEqual([0, 0])
  expect(await signIn(product.url, 'admin', password)).toMatch(/^renxin_session=/)
  expect((await fhir(key.lines.at(-1) ?? '')).status).toBe(200)
})

test('on a running server: an account that signs in, and a key, alone on the last line, that reads FHIR', async () => {
  const nurse = await run('user', 'create', '--name', 'nurse', '--role', 'followupNurse', '--display', '护士')
  const key = await run('api-key', 'create', '--name', '另一平台', '--scope', 'fhir.read')

  expect([nurse.code, key.code]).toEqual([0, 0])
  expect(await signIn(product?.url ?? '', 'nurse', nurse.lines.at(-1) ?? '')).toMatch(/^renxin_session=/) // the first password, on the last line
  expect(key.lines.at(-1)).toMatch(/^rx_1_[\w-]{20,}$/)
  const found = await fhir(key.lines.at(-1) ?? '')
  expect(found.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8')
  expect(await found.json()).toMatchObject({ resourceType: 'Bundle', type: 'searchset', entry: [] })
  expect((await fhir('rx_1_notAKey')).status).toBe(401)
})

test('a role, a permission or a password that cannot be used is refused, and nothing is made', async () => {
  const refused = [
    await run('user', 'create', '--name', 'ghost', '--role', 'king'),
    await run('user', 'create', '--name', 'ghost', '--password', 'short'),
    await run('api-key', 'create', '--name', 'ghost', '--scope', 'everything'),
    await run('user', 'create', '--name', 'ghost', '--hospital', '别家医院'),
  ]

  for (const { code, out, err } of refused) {
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err.trim().split('\n'), err).toHaveLength(1)
    expect(err).toMatch(/^renxin: /)
  }
})

test('the mapping of a sender is imported, and a file that is none is refused', async () => {
  const own = join(folder, 'site.json')
  await writeFile(own, JSON.stringify(profile))
  await writeFile(join(folder, 'broken.json'), '{')
  await writeFile(join(folder, 'wrong.json'), JSON.stringify({ ...profile, ward: 'somewhere' }))
  const as = (file: string) => run('sender', 'import', file, '--application', 'HIS', '--facility', '演练')

  const imported = await as(sample && existsSync(sample) ? sample : own)
  const [missing, broken, wrong] = [
    await as(join(folder, 'none.json')),
    await as(join(folder, 'broken.json')),
    await as(join(folder, 'wrong.json')),
  ]

  expect(imported).toMatchObject({ code: 0, out: 'The mapping of HIS / 演练 is in use.\n' })
  expect(missing).toMatchObject({ code: 1, err: expect.stringMatching(/none\.json cannot be read/) })
  expect(broken).toMatchObject({ code: 1, err: expect.stringMatching(/broken\.json is not JSON/) })
  expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/^renxin: /) })
})

test('the schema is brought up to date; a hospital that is no demo is never erased', async () => {
  const migrated = await run('migrate')
  const erased = await run('demo', 'erase')

  expect(migrated).toMatchObject({ code: 0, out: expect.stringMatching(/^The schema is up to date: \d+ migrations applied\.$/m) })
  expect(erased).toMatchObject({ code: 1, err: 'renxin: There is no demo hospital.\n' })
  expect(await signIn(product?.url ?? '', 'admin', password)).toMatch(/^renxin_session=/)
})

/** What stands in the embedded server. */
async function databases(): Promise<string[]> {
  const running = await connectOnly({ dataDir: folder })
  const client = new pg.Client({ connectionString: running?.superUrl })
  await client.connect()
  const { rows } = await client.query<{ datname: string }>('select datname from pg_database order by 1')
  await client.end()
  return rows.map((r) => r.datname)
}

test('the demo is filled beside it, several hospitals ask which, and erasing takes the demo alone', async () => {
  const filled = await run('demo', 'fill', '--patients', '200')
  const second = await run('hospital', 'create', '--name', '第二医院', '--suite', 'sm')
  const keys = await run('keys')
  const which = await run('api-key', 'create', '--name', 'x', '--scope', 'fhir.read')
  const erased = await run('demo', 'erase')

  expect(filled).toMatchObject({ code: 0, out: expect.stringContaining('The demo hospital is filled with 200 people.') })
  expect(second.code).toBe(0)
  expect(keys.out).toMatch(/1 仁心演练医院: key 1, AES-256-GCM, HMAC-SHA-256\n[\s\S]*第二医院: key 1, 国密 SM4, HMAC-SM3\n/)
  expect(which).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^renxin: There are several hospitals; say which with --hospital: 1 仁心演练医院/),
  })
  expect(erased).toMatchObject({ code: 0, out: 'The demo hospital is erased.\n' })
  expect(await databases()).toEqual(['postgres', 'renxin', 'template0', 'template1'])
  const hospitals = await (await fetch(`${product?.url}/api/access/hospitals`)).json()
  expect(hospitals.rows.map((h: { name: string }) => h.name)).toEqual(['仁心演练医院', '第二医院'])
})
