// Seals anew, turn by turn, on a database that a test made; whoever started it kills it.
import { makeHouse, makeLive, openPool, resealTick, runTick, silentLog } from '@renxin/server'
import { modules } from './modules.ts'

const [url = '', master = ''] = process.argv.slice(2)
const house = makeHouse({
  pool: openPool(url, { max: 2 }),
  modules,
  masterKey: Buffer.from(master, 'hex'),
  log: silentLog,
  live: makeLive(),
  authenticator: { modules: [], ofSession: async () => undefined, ofKey: async () => undefined },
})
console.log('begins')
for (;;) await runTick(house, resealTick(modules, 0))
