import { createUser, suggestPassword } from '@renxin/access'
import { atHospital, type Command, needed, readOptions } from './command.ts'

export const userCreate: Command = {
  name: 'user create',
  about: 'Makes an account. Without a password one is drawn and printed; it must be changed at the first sign-in.',
  usage: [
    '--name NAME            what is typed at sign-in',
    '--display NAME         how the person is called',
    '--role KEY             one role; may be said several times (default systemAdministrator and securityAdministrator)',
    '--password PASSWORD    of at least three kinds of characters, 8 of them',
    '--hospital ID|NAME     where there are several',
  ],
  run: async (words) => {
    const { values } = readOptions(words, {
      name: { type: 'string' },
      display: { type: 'string' },
      role: { type: 'string', multiple: true },
      password: { type: 'string' },
      hospital: { type: 'string' },
    })
    const name = needed(values.name, 'name')
    const drawn = values.password ? null : suggestPassword()
    await atHospital(values.hospital, (ctx) =>
      createUser(ctx, {
        name,
        displayName: values.display ?? name,
        password: values.password ?? drawn ?? '',
        roleKeys: values.role ?? ['systemAdministrator', 'securityAdministrator'],
        mustChangePassword: drawn !== null,
      }),
    )
    console.log(drawn ? `Made ${name}. The first password is:\n${drawn}` : `Made ${name}.`)
  },
}
