import { readFile } from 'node:fs/promises'
import { createClient } from '@renxin/access'
import { atHospital, type Command, needed, readOptions } from './command.ts'

export const clientCreate: Command = {
  name: 'client create',
  about: 'Makes another system known by its public keys (SMART backend services). Its client id stands alone on the last line.',
  usage: [
    '--name NAME          whose system it is',
    '--keys FILE          its JSON Web Key Set, public keys only',
    '--scope PERMISSION   for example fhir.read; may be said several times',
    '--hospital ID|NAME   where there are several',
  ],
  run: async (words) => {
    const { values } = readOptions(words, {
      name: { type: 'string' },
      keys: { type: 'string' },
      scope: { type: 'string', multiple: true },
      hospital: { type: 'string' },
    })
    const name = needed(values.name, 'name')
    const keys: unknown = JSON.parse(await readFile(needed(values.keys, 'keys'), 'utf8'))
    const scopes = values.scope ?? [needed(undefined, 'scope')]
    const { clientId } = await atHospital(values.hospital, (ctx) => createClient(ctx, { name, keys, scopes }))
    console.log(`${name} may ask for tokens (${scopes.join(', ')}). Its client id:\n${clientId}`)
  },
}
