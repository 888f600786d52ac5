/** The files of a new room, which keeps notes until somebody gives it something better to do. */
export function roomFiles(name: string, stamp: string): Record<string, string> {
  return {
    'package.json': manifest(name),
    'README.md': readme(name),
    'contract.ts': contract(name),
    'server/index.ts': face(name),
    'server/routes.ts': routes(name),
    'server/service.ts': service(name),
    'server/tables.ts': tables(name),
    [`server/migrations/${stamp}-${name}.sql`]: migration(name),
    [`server/${name}.db.test.ts`]: slice(name),
  }
}

const manifest = (name: string) =>
  `${JSON.stringify({ name: `@renxin/${name}`, private: true, type: 'module', exports: { '.': './server/index.ts', './contract': './contract.ts' } }, null, 2)}\n`

const readme = (name: string) => `# ${name}

What this room is for, in two lines, in words a nurse would use.

- **Doors**: \`writeNote\`; \`./contract\`.
- **Calls** nobody.
- **Emits** nothing.
`

const contract = (name: string) => `import { contract, post } from '@renxin/kernel'
import { z } from 'zod'

export const Note = z.object({
  id: z.uuid(),
  text: z.string(),
})
export type Note = z.infer<typeof Note>

export const ${name}Api = contract('${name}', {
  write: post('/notes', {
    may: '${name}.write',
    input: z.object({
      id: z.uuid(), // chosen by the caller, so that sending twice does no harm
      text: z.string().trim().min(1).max(500),
    }),
    reply: Note,
  }),
})
`

const face = (name: string) => `import { defineModule } from '@renxin/server'
import { routes } from './routes.ts'

export const ${name} = defineModule({
  name: '${name}',
  migrations: new URL('./migrations/', import.meta.url),
  routes,
})

export { writeNote } from './service.ts'
`

const routes = (name: string) => `import { serve } from '@renxin/server'
import { ${name}Api } from '../contract.ts'
import { writeNote } from './service.ts'

export const routes = serve(${name}Api, {
  write: writeNote,
})
`

const service = (name: string) => `import type { Input } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import type { Note, ${name}Api } from '../contract.ts'
import { db } from './tables.ts'

export async function writeNote(ctx: Context, { id, text }: Input<(typeof ${name}Api)['write']>): Promise<Note> {
  await db(ctx)
    .insertInto('${name}.notes')
    .values({ id, text, writtenAt: ctx.clock.now() })
    .onConflict((clash) => clash.constraint('notes_pkey').doNothing()) // sent twice, written once
    .execute()
  return db(ctx).selectFrom('${name}.notes').where('id', '=', id).select(['id', 'text']).executeTakeFirstOrThrow()
}
`

const tables = (name: string) => `import type { Context } from '@renxin/server'

type Tables = {
  '${name}.notes': { id: string; text: string; writtenAt: Date }
}

export const db = (ctx: Context) => ctx.db.withTables<Tables>()
`

const migration = (name: string) => `create schema ${name};

create table ${name}.notes (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  text        text        not null,
  written_at  timestamptz not null,
  primary key (hospital_id, id)
);
call house.guard('${name}.notes'); -- row-level security: a session sees its own hospital's rows only
`

const slice = (name: string) => `import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { expect, test } from 'vitest'
import { ${name}Api } from '../contract.ts'
import { ${name} } from './index.ts'

const house = await openHouse([${name}], { now: '2026-09-04T09:00+08:00' })
const writer = house.who('${name}.write')

test('a note sent twice is written once, as it was first', async () => {
  const id = newId()

  await writer.call(${name}Api.write, { id, text: '窗边的床位' })
  const again = await writer.call(${name}Api.write, { id, text: '另一张床位' })

  expect(again).toEqual({ id, text: '窗边的床位' })
})
`
