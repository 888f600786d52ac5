import { newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { wordKey } from '../../person/identity-class.ts'
import { rowsAs } from '../bulk.ts'

/** The classes that a hospital starts with, and other ways to write them. What else its systems say stands on the page for the hospital to add. */
const presets = [
  { preset: 'civilian', name: '地方', synonyms: ['地方人员', '地方患者'] },
  { preset: 'military', name: '军人', synonyms: ['现役军人'] },
  { preset: 'militaryKin', name: '军人家属', synonyms: ['军属'] },
  { preset: 'veteran', name: '老干部', synonyms: [] },
  { preset: 'soldier', name: '战士', synonyms: [] },
  { preset: 'cadre', name: '干部', synonyms: [] },
  { preset: 'enterprise', name: '企业', synonyms: ['企业人员'] },
  { preset: 'other', name: '其他', synonyms: ['其它'] },
] as const

/** Makes those that are missing; what the hospital changed stays, and so does a word to which it gave another meaning. */
export async function prepareIdentityClasses(ctx: Context): Promise<void> {
  const classes = presets.map(({ preset, name }, position) => ({ id: newId(), preset, name, key: wordKey(name), position }))
  const words = presets.flatMap(({ preset, name, synonyms }) => [name, ...synonyms].map((word) => ({ preset, word, key: wordKey(word) })))
  const columns = { id: 'uuid', preset: 'text', name: 'text', key: 'text', position: 'int' }
  await sql`
    with made as (
      insert into patients.identity_classes (id, preset, name, position)
      select n.id, n.preset, n.name, n.position from ${rowsAs('n', columns, classes)}
       where not exists (select from patients.identity_class_words w where w.key = n.key)
      on conflict do nothing returning id, preset)
    insert into patients.identity_class_words (key, word, class_id)
    select w.key, w.word, made.id from ${rowsAs('w', { preset: 'text', word: 'text', key: 'text' }, words)} join made on made.preset = w.preset
    on conflict do nothing`.execute(ctx.db)
}
