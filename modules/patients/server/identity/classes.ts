import { type Context, emit, sql } from '@renxin/server'
import { type ClassChoice, COUNT_MOST, type CountedClass, type IdentityClass, identityErrors, type UnlistedClass } from '../../contract.ts'
import { wordKey } from '../../person/identity-class.ts'
import { type Piece, rowsAs } from '../bulk.ts'
import { identityClassesChanged } from '../events.ts'
import { followClasses } from './follow.ts'
import { classesByKey, standingClasses } from './words.ts'

const MOST_CLASSES = 200

const filesOf = (name: string): Piece<number> => sql<number>`
  (select count(*)::int from (select from patients.patients p where p.merged_into is null and p.identity_class = ${sql.ref(name)}
                               limit ${sql.lit(COUNT_MOST + 1)}) f)`
const asCounted = (files: number) => ({ files: Math.min(files, COUNT_MOST), isMore: files > COUNT_MOST })

/** The hospital's list in its order, with how many files have each. */
export async function listClasses(ctx: Context): Promise<{ rows: CountedClass[] }> {
  const { rows } = await sql<IdentityClass & { files: number }>`
    select k.id, k.name, k.position, k.is_active, ${filesOf('k.name')} as files,
           array(select w.word from patients.identity_class_words w where w.class_id = k.id and w.word <> k.name order by w.word) as synonyms
      from patients.identity_classes k order by k.position, k.name limit ${sql.lit(MOST_CLASSES)}`.execute(ctx.db)
  return { rows: rows.map(({ files, ...row }) => ({ ...row, ...asCounted(files) })) }
}

/** Words that stand in files and mean none of the classes. */
export async function listUnlisted(ctx: Context): Promise<{ rows: UnlistedClass[] }> {
  const standing = await standingClasses(ctx)
  const known = await classesByKey(ctx, standing.map(wordKey))
  const names = standing.filter((name) => !known.has(wordKey(name))).map((name) => ({ name }))
  const { rows } = await sql<{ name: string; files: number }>`
    select n.name, ${filesOf('n.name')} as files from ${rowsAs('n', { name: 'text' }, names)}`.execute(ctx.db)
  return { rows: rows.map(({ name, files }) => ({ name, ...asCounted(files) })) }
}

/** What a form or a filter offers: the list in its order, then what else stands in files. */
export async function classChoices(ctx: Context): Promise<ClassChoice[]> {
  const { rows } = await sql<{ name: string; isActive: boolean }>`
    select name, is_active from patients.identity_classes order by position, name limit ${sql.lit(MOST_CLASSES)}`.execute(ctx.db)
  const listed = new Set(rows.map((r) => r.name))
  const standing = await standingClasses(ctx)
  return [
    ...rows.filter((r) => r.isActive).map(({ name }) => ({ name, state: 'listed' as const })),
    ...rows.filter((r) => !r.isActive && standing.includes(r.name)).map(({ name }) => ({ name, state: 'retired' as const })),
    ...standing.filter((name) => !listed.has(name)).map((name) => ({ name, state: 'unlisted' as const })),
  ]
}

/**
 * Makes a class, or changes it. Of a class that is called otherwise now the old name stays one of its words, so that systems that still say it are understood;
 * the rules and saved filters that name it follow at once, and so do the files, where they are very many the rest by the clock (`followClasses`).
 */
export async function saveClass(ctx: Context, { id, ...said }: IdentityClass): Promise<IdentityClass> {
  const { rows } = await sql<{ name: string; isSame: boolean }>`
    select name, id = ${id}::uuid as is_same from patients.identity_classes limit ${sql.lit(MOST_CLASSES)}`.execute(ctx.db)
  const before = rows.find((r) => r.isSame)?.name
  if (before === undefined && rows.length >= MOST_CLASSES) throw identityErrors.tooManyClasses({ most: MOST_CLASSES })
  const renamed = before !== undefined && before !== said.name ? before : undefined
  const words = new Map([said.name, ...said.synonyms, ...(renamed ? [renamed] : [])].toReversed().map((word) => [wordKey(word), word]))
  const list = [...words].map(([key, word]) => ({ key, word, classId: id }))
  await refuseTaken(ctx, id, words)
  await sql`
    insert into patients.identity_classes (id, name, position, is_active) values (${id}::uuid, ${said.name}, ${said.position}, ${said.isActive})
    on conflict (hospital_id, id) do update set name = excluded.name, position = excluded.position, is_active = excluded.is_active`.execute(
    ctx.db,
  )
  await sql`delete from patients.identity_class_words where class_id = ${id}::uuid`.execute(ctx.db)
  await sql`
    insert into patients.identity_class_words (key, word, class_id)
    select * from ${rowsAs('n', { key: 'text', word: 'text', class_id: 'uuid' }, list)}`.execute(ctx.db)
  if (renamed) await renameInRules(ctx, renamed, said.name)
  await followClasses(ctx)
  await emit(ctx, identityClassesChanged, { classId: id })
  ctx.touched.add('patients')
  return { id, ...said, synonyms: list.flatMap((w) => (w.word === said.name ? [] : w.word)).toSorted() }
}

async function refuseTaken(ctx: Context, id: string, words: ReadonlyMap<string, string>): Promise<void> {
  const { rows } = await sql<{ key: string; name: string }>`
    select w.key, k.name from patients.identity_class_words w join patients.identity_classes k on k.id = w.class_id
     where w.key = any(${[...words.keys()]}::text[]) and w.class_id <> ${id}::uuid limit 1`.execute(ctx.db)
  const [taken] = rows
  if (taken) throw identityErrors.classWordTaken({ word: words.get(taken.key), name: taken.name })
}

async function renameInRules(ctx: Context, from: string, to: string): Promise<void> {
  const names = sql`conditions -> 'identityClasses'`
  for (const table of ['patients.segments', 'patients.views'])
    await sql`
      update ${sql.table(table)} set conditions = jsonb_set(conditions, '{identityClasses}',
        (select jsonb_agg(distinct case when c = ${from} then ${to}::text else c end) from jsonb_array_elements_text(${names}) c))
       where ${names} @> to_jsonb(${from}::text)`.execute(ctx.db)
}
