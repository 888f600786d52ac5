import { readFile } from 'node:fs/promises'
import { importSender } from '@renxin/integration'
import { atHospital, type Command, needed, PlainError, readOptions } from './command.ts'

export const senderImport: Command = {
  name: 'sender import',
  about:
    'Imports the mapping of a sender: where its messages carry what. FILE is JSON; a value is SEG-f[.c] or "SEG-f where CX.5=X", several joined by " or ".',
  usage: [
    'FILE',
    '--application NAME   the MSH-3 of its messages',
    '--facility NAME      the MSH-4 of its messages',
    '--hospital ID|NAME   where there are several',
  ],
  run: async (words) => {
    const { values, positionals } = readOptions(
      words,
      { application: { type: 'string' }, facility: { type: 'string' }, hospital: { type: 'string' } },
      1,
    )
    const [file = ''] = positionals
    const application = needed(values.application, 'application')
    const facility = needed(values.facility, 'facility')
    const text = await readFile(file, 'utf8').catch((error: Error) => {
      throw new PlainError(`${file} cannot be read: ${error.message}`)
    })
    const profile = parse(file, text)
    await atHospital(values.hospital, (ctx) => importSender(ctx, profile, { application, facility }))
    console.log(`The mapping of ${application} / ${facility} is in use.`)
  },
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new PlainError(`${file} is not JSON: ${error instanceof Error ? error.message : error}`)
  }
}
