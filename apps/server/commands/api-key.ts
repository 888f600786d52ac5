import { createApiKey } from '@renxin/access'
import { atHospital, type Command, needed, readOptions } from './command.ts'

export const apiKeyCreate: Command = {
  name: 'api-key create',
  about: 'Makes a key for another system. It is shown once, alone on the last line.',
  usage: [
    '--name NAME          whose key it is',
    '--scope PERMISSION   for example fhir.read; may be said several times',
    '--hospital ID|NAME   where there are several',
  ],
  run: async (words) => {
    const { values } = readOptions(words, {
      name: { type: 'string' },
      scope: { type: 'string', multiple: true },
      hospital: { type: 'string' },
    })
    const name = needed(values.name, 'name')
    const scopes = values.scope ?? [needed(undefined, 'scope')]
    const { secret } = await atHospital(values.hospital, (ctx) => createApiKey(ctx, { name, scopes }))
    console.log(`The key of ${name} (${scopes.join(', ')}); it cannot be shown again:\n${secret}`)
  },
}
