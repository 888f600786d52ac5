import { newId, type Route } from '@renxin/kernel'
import { SESSION_COOKIE } from '@renxin/server'
import { afterAll, expect, test, vi } from 'vitest'
import { inputFor } from './crawl/inputs.ts'
import { schemaOf } from './crawl/kinds.ts'
import { request } from './crawl/requests.ts'
import { rehearse } from './crawl/watch.ts'
import { openWorld } from './crawl/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 }) // on a machine that may be busy

const world = await openWorld()
afterAll(() => world.http.close())
const MIB = 1024 * 1024
const nameOf = (r: Route) => `${r.module}.${r.name}`

/** The doors through which a file or a large body comes, and what becomes of it there. A new one is not open until it stands here. */
const doors: Readonly<Record<string, 'file' | 'text' | 'resource'>> = {
  'files.attach': 'file',
  'integration.upload': 'file',
  'integration.mend': 'text',
  'integration.testMapping': 'text',
  'surveys.inspect': 'text',
  'surveys.create': 'text',
  'surveys.saveDraft': 'text',
  'followups.saveDraft': 'text',
  'followups.complete': 'text',
  'followups.correctTask': 'text',
  'followups.mendTask': 'text',
  'followups.checkQuality': 'text',
  'integration.fhirBundle': 'resource',
  'integration.fhirCreate': 'resource',
  'integration.fhirUpdate': 'resource',
  'integration.fhirUpdateWhere': 'resource',
  'integration.fhirPatch': 'resource',
  'integration.fhirPatchWhere': 'resource',
}
const route = (name: string): Route => {
  const found = world.routes.find((r) => nameOf(r) === name)
  if (!found) throw new Error(`there is no route ${name}`)
  return found
}
const sessionFor = (r: Route) => {
  const may = world.accounts.filter((a) => r.may === 'anyone' || r.may === 'signedIn' || a.may.has(r.may))
  return (may.find((a) => a.may.get(r.may) === 'hospital') ?? may[0])?.session ?? ''
}
const ask = (name: string, input: object) => request(world.http, sessionFor(route(name)), route(name), { ...input })

/** Sends a body as it is, and measures: the answer, how long it took, how much memory stayed. */
async function post(r: Route, payload: string) {
  const type = r.isExchange ? (r.method === 'PATCH' ? 'application/json-patch+json' : 'application/fhir+json') : 'application/json'
  const url = (r.address ?? `/api/${r.module}${r.path}`).replaceAll(/:(\w+)/g, (_, p: string) => (p === 'type' ? 'Patient' : newId()))
  const began = performance.now()
  const response = await rehearse(() =>
    world.http.inject({
      method: r.method,
      url,
      headers: { 'x-renxin': '1', 'content-type': type },
      cookies: { [SESSION_COOKIE]: sessionFor(r) },
      payload,
    }),
  )
  return { status: response.statusCode, text: response.payload, ms: performance.now() - began }
}

test('every door through which a file or a large body comes is known', () => {
  const found = world.routes.filter((r) => {
    const takesFile = Object.keys(schemaOf(r).properties ?? {}).some((field) => /base64|bytes|file$|content/i.test(field))
    return r.method !== 'GET' && (takesFile || (r.bodyLimit ?? 0) > MIB / 4 || (r.isExchange && /Create|Update|Patch|Bundle/.test(r.name)))
  })

  expect(found.map(nameOf).sort()).toEqual(Object.keys(doors).sort())
})

test('whatever route it is sent to, a body beyond its measure or nested without end is refused in words, at once, and leaves nothing behind', async () => {
  const before = process.memoryUsage().rss
  const faults: string[] = []
  let sent = 0
  for (const r of world.routes.filter((r) => r.method !== 'GET' && !['fhirSearchByPost', 'fhirToken'].includes(r.name))) {
    const limit = r.bodyLimit ?? (r.isExchange ? 4 * MIB : MIB)
    const deep = '['.repeat(nameOf(r) in doors ? 200_000 : 20_000)
    const bodies = [
      ['one nested deep', `{"a":${deep}${']'.repeat(deep.length)}}`],
      ['a body too large', `{"a":"${'a'.repeat(limit)}"}`],
      ['one that never closes', `{"a":${deep}`],
      ['sixty thousand properties', `{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":1`).join(',')}}`],
    ] as const
    for (const [what, payload] of nameOf(r) in doors ? bodies : bodies.slice(0, 1)) {
      const { status, text, ms } = await post(r, payload)
      sent += 1
      if (status >= 500 && status !== 503) faults.push(`${nameOf(r)} answers ${status} to ${what}: ${text.slice(0, 120)}`)
      if (ms > 4000) faults.push(`${nameOf(r)} takes ${Math.round(ms)} ms for ${what}`)
      const isRefused = status >= 400 || r.method === 'DELETE' || what === 'sixty thousand properties'
      if (!isRefused && what !== 'one nested deep') faults.push(`${nameOf(r)} takes ${what}`)
    }
  }

  expect(faults).toEqual([])
  expect(sent).toBeGreaterThan(200)
  expect((process.memoryUsage().rss - before) / MIB).toBeLessThan(600)
})

const names = [
  '../../../../etc/passwd.txt', '..\\..\\boot.txt', 'a\u0000.txt', '报告\u202etxt.exe.txt', 'CON.txt', 'NUL', '....//....//x.txt', '%2e%2e%2fx.txt', `${'长'.repeat(195)}.txt`, '.txt', '.', '..',
  'a"; filename="b.exe.txt', 'a\r\nx-evil: 1.txt', '<img src=x onerror=alert(1)>.txt', '/absolute.txt', '~root.txt', 'C:\\Windows\\a.txt', '\u2066a\u2069.txt',
] as const // biome-ignore format: a list

test('a file’s name is a name: no path, no sign that is not seen, no header of its own, whichever door it comes through', async () => {
  const complaint = world.objects.own.complaint
  for (const name of names) {
    const id = newId()
    const kept = await ask('files.attach', { id, aboutKind: 'feedback.complaint', aboutId: complaint, name, base64: Buffer.from(`${name}内容`).toString('base64') })
    if (kept.status >= 400) expect([name, kept.status, kept.code]).toEqual([name, 400, expect.stringMatching(/house\.invalid|files\.unknownType/)])
    else {
      const got = await ask('files.download', { id })
      const headers: Record<string, string> = JSON.parse(got.headers)
      const said = decodeURIComponent(/filename\*=UTF-8''(.*)$/.exec(headers['content-disposition'] ?? '')?.[1] ?? '')
      expect(said).toMatch(CLEAN)
      expect([headers['content-type'], headers['x-content-type-options'], headers['x-evil']]).toEqual(['text/plain', 'nosniff', undefined])
      expect(headers['content-disposition']).toMatch(/^attachment; /)
    }
    const table = await ask('integration.upload', { id: newId(), kind: 'patients', name, base64: Buffer.from('病案号,姓名\r\n1,王芳\r\n').toString('base64') })
    if (table.status >= 400) expect([name, table.status]).toEqual([name, 400])
    else expect(JSON.parse(table.text).name).toMatch(CLEAN)
  }
}) // biome-ignore format: one thought a line

/** No path, no control sign, none that turns the direction of what follows, nothing that is empty or goes up. */
const CLEAN = /^(?!\.{1,2}$)[^\\/\p{Cc}\u202a-\u202e\u2066-\u2069]{1,210}$/u

test('what is not what its name says is kept by what it is, or refused', async () => {
  const complaint = world.objects.own.complaint
  const attach = (name: string, body: Buffer | string) =>
    ask('files.attach', {
      id: newId(),
      aboutKind: 'feedback.complaint',
      aboutId: complaint,
      name,
      base64: Buffer.from(body).toString('base64'),
    })
  for (const [name, body] of [
    ['a.pdf', Buffer.from('MZ\u0090\u0000\u0003', 'latin1')],
    ['a.png', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['a.jpg', '<!doctype html><script>alert(1)</script>'],
    ['a.docx', Buffer.from('504b0304', 'hex')],
    ['a.xlsx', Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.from('[Content_Types].xml xl/workbook.xml xl/vbaProject.bin')])],
    ['a.txt', Buffer.alloc(100)],
    ['a.pdf', ''],
  ] as const)
    expect([name, (await attach(name, body)).status]).toEqual([name, 400])
  const renamed = await attach('工资表.exe', '%PDF-1.7\n%')
  expect(JSON.parse(renamed.text)).toMatchObject({ type: 'pdf', name: '工资表.exe.pdf' })
})

test('what is sent with a resource as its file is judged as any other: what is no file of ours is not kept as one', async () => {
  const word = 'QZOWN'
  for (const [nth, data] of [
    Buffer.from('MZ\u0000\u0001'),
    Buffer.from('<!doctype html><script>alert(1)</script>'),
    Buffer.from('504b0304', 'hex'),
  ].entries()) {
    const resource = {
      resourceType: 'DocumentReference',
      id: `${word}door${nth}`,
      status: 'current',
      subject: { reference: `Patient/${word}` },
      content: [{ attachment: { contentType: 'application/pdf', title: '../../a\u202efdp.exe', data: data.toString('base64') } }],
    }
    const before = await world.house.sql<{ n: number }>('select count(*)::int as n from files.files')
    const answer = await ask('integration.fhirUpdate', { type: 'DocumentReference', id: resource.id, body: JSON.stringify(resource) })
    await world.house.settle()
    expect(answer.status).toBeLessThan(500)
    expect(await world.house.sql('select count(*)::int as n from files.files')).toEqual(before)
  }
})

test('the measure of names sees one that is none', () => {
  for (const name of ['../a', 'a\u202eb', 'a\r\nb', '..', '', 'a\\b']) expect(name).not.toMatch(CLEAN)
  expect(inputFor(route('files.attach'), world.objects.own)).toHaveProperty('base64')
})
