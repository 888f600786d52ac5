import { pathParams, type Route } from '@renxin/kernel'
import { hiddenFrom, tracesIn, type World } from './crawl.ts'
import { inputFor } from './inputs.ts'
import { namedIn, schemaOf } from './kinds.ts'
import { type Account, marks, type Realm } from './realms.ts'
import { request } from './requests.ts'

/** What nobody is called and no number is. */
const NEVER = { name: '彁彁彁', number: '19700009999' }

/** For whom a programme would be, as its preview is asked. */
const ruleOf = (more: object) =>
  JSON.stringify({ id: crypto.randomUUID(), trigger: 'discharged', rule: { classes: ['inpatient'], ...more }, samplePercent: 100 })

/**
 * Searches every list that takes words for what is hidden from each account: by name, telephone, record number and identity card, and by conditions that name
 * a hidden ward. It must be answered as a word that nothing bears.
 */
export async function searchForHidden({ http, routes, accounts, objects }: World): Promise<{ faults: string[]; searches: number }> {
  const faults = new Set<string>()
  let searches = 0
  for (const account of accounts)
    for (const route of routes) {
      const reach = route.may === 'signedIn' || route.may === 'anyone' ? 'own' : account.may.get(route.may)
      if (!reach || route.method !== 'GET' || route.isExchange) continue
      for (const field of wordsOf(route)) for (const realm of hiddenFrom(account, reach)) await tryField(account, route, field, realm)
    }
  return { faults: [...faults].sort(), searches }

  async function tryField(account: Account, route: Route, field: string, realm: Realm): Promise<void> {
    const { name, phone, word, identityCard } = marks[realm]
    const never = crypto.randomUUID()
    const { ward = never, department = never } = objects[realm] // a VIP lies in a ward that everybody may name
    const pairs: [string, string][] =
      field === 'where'
        ? [
            [JSON.stringify({ wardIds: [ward] }), JSON.stringify({ wardIds: [never] })],
            [JSON.stringify({ departmentIds: [department] }), JSON.stringify({ departmentIds: [never] })],
            [JSON.stringify({ payers: [`${word}医保`] }), JSON.stringify({ payers: [NEVER.name] })],
          ]
        : field === 'what'
          ? [
              [ruleOf({ wardIds: [ward] }), ruleOf({ wardIds: [never] })],
              [ruleOf({ departmentIds: [department] }), ruleOf({ departmentIds: [never] })],
            ]
          : [
              [name, NEVER.name],
              [phone, NEVER.number],
              [`${word}1`, NEVER.number],
              [identityCard, NEVER.number],
            ]
    for (const [term, nobody] of pairs) {
      const found = await ask(account, route, field, term)
      const none = await ask(account, route, field, nobody)
      const said = `${route.module}.${route.name} as ${account.role}, asked for ${field}=${term} of another ${realm},`
      for (const trace of tracesIn({ ...found, text: found.text.replaceAll(term, '') }, realm)) faults.add(`${said} shows ${trace}`)
      if (bare(found.text, term) !== bare(none.text, nobody) || found.status !== none.status)
        faults.add(
          `${said} answers otherwise than for nobody: ${found.status} ${found.text.slice(0, 120)} / ${none.status} ${none.text.slice(0, 120)}`,
        )
    }
  }

  function ask(account: Account, route: Route, field: string, term: string) {
    searches += 1
    return request(http, account.session, route, { ...inputFor(route, objects.own), [field]: term })
  }
}

const bare = (text: string, term: string) => text.replaceAll(term, 'TERM').replaceAll(/"requestId":"[^"]*"/g, '')

/** The fields of a route into which somebody types. */
function wordsOf(route: Route): string[] {
  const { named } = namedIn(route)
  const aside = new Set(['after', 'limit', ...pathParams(route.path), ...named.map((n) => n.path)])
  return Object.entries(schemaOf(route).properties ?? {}).flatMap(([field, schema]) =>
    schema.type === 'string' && !schema.format && !schema.enum && !aside.has(field) ? [field] : [],
  )
}
