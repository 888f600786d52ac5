import { type Finding, isTest, lineOf, moduleOf, type SourceFile, withoutComments } from './house.ts'

/**
 * The walls in the database. The role of the application can read every table, so this is where "tables are private, views are public" is
 * held: a module's SQL and Kysely names its own tables, and views that others publish by `call house.publish('x.view')`. A foreign key may
 * point at another module's table, and nothing may be written through the wall. Tests may look where they like.
 */
export function checkWalls(files: readonly SourceFile[]): Finding[] {
  const rooms = new Set(files.map(({ path }) => moduleOf(path)).filter((name) => name !== undefined))
  const published = findPublished(files)
  const findings: Finding[] = []
  for (const { path, text } of files) {
    const room = moduleOf(path)
    if (!room || isTest(path) || !/\.(ts|tsx|sql)$/.test(path)) continue
    for (const { schema, name, verb, index } of findTables(path, text)) {
      const says = judge(room, schema, name, verb)
      if (says) findings.push({ where: `${path}:${lineOf(text, index)}`, rule: 'tables-are-private', says })
    }
  }
  return findings

  function judge(room: string, schema: string, name: string, verb: Verb): string | undefined {
    const table = `${schema}.${name}`
    if (schema === room || verb === 'references') return undefined
    if (schema === 'house') {
      const isTrail = room === 'access' && /^(audit|exports$)/.test(name) && verb === 'read'
      return isTrail ? undefined : `${table} belongs to packages/server: ask it, not its table`
    }
    if (!rooms.has(schema)) return undefined // an alias, a catalogue of PostgreSQL
    if (verb === 'write') return `${room} writes to ${table}: only ${schema} writes there; call its function`
    return published.has(table) ? undefined : `${room} reads ${table}, which ${schema} does not publish (call house.publish)`
  }
}

type Verb = 'read' | 'write' | 'references'
type Table = { schema: string; name: string; verb: Verb; index: number }

function findPublished(files: readonly SourceFile[]): Set<string> {
  const published = new Set<string>()
  for (const { path, text } of files) {
    if (!path.endsWith('.sql')) continue
    for (const [, view = ''] of withoutSqlComments(text).matchAll(/call\s+house\.publish\s*\(\s*'([^']+)'\s*\)/gi)) {
      if (moduleOf(path) === view.split('.')[0]) published.add(view)
    }
  }
  return published
}

const kysely =
  /\b(selectFrom|\w*[jJ]oin|insertInto|updateTable|deleteFrom|mergeInto|replaceInto|from|using)\(\s*(\[[^\]]*\]|['"`][^'"`]+['"`])/g
const statement =
  /\b(from|join|only|lateral|using|insert\s+into|merge\s+into|update|delete\s+from|truncate(?:\s+table)?|alter\s+table(?:\s+only)?|drop\s+(?:table|view)|references|table|copy)\s+(?:if\s+exists\s+)?(?:only\s+)?"?([a-z_]+)"?\."?([a-z_0-9]+)\b(?!"?\s*\()/gi
const afterComma = /(?:from|,)\s+(?:[a-z_]+\.[a-z_0-9]+\s+(?:as\s+)?[a-z_0-9]*\s*,\s*)+([a-z_]+)\.([a-z_0-9]+)/gi

function findTables(path: string, text: string): Table[] {
  if (path.endsWith('.sql')) return inSql(withoutSqlComments(text), 0)
  const code = withoutComments(text)
  const built = [...code.matchAll(kysely)].flatMap(({ 1: call = '', 2: names = '', index }) =>
    [...names.matchAll(/['"`]([A-Za-z]+)\.([A-Za-z0-9]+)(?:\s+as\s+\w+)?['"`]/g)].map(({ 1: schema = '', 2: name = '' }) => ({
      schema: snake(schema),
      name: snake(name),
      verb: /insert|update|delete|merge|replace/.test(call) ? ('write' as const) : ('read' as const),
      index,
    })),
  )
  const written = [...code.matchAll(/`(?:\\.|[^`\\])*`/g)].flatMap(({ 0: literal, index }) => inSql(withoutSqlComments(literal), index))
  return [...built, ...written]
}

function inSql(sql: string, offset: number): Table[] {
  const named = [...sql.matchAll(statement)].map(({ 1: word = '', 2: schema = '', 3: name = '', index }) => ({
    schema: schema.toLowerCase(),
    name,
    verb: verbOf(word.toLowerCase()),
    index: offset + index,
  }))
  const listed = [...sql.matchAll(afterComma)].map(({ 1: schema = '', 2: name = '', index }) => ({
    schema,
    name,
    verb: 'read' as const,
    index: offset + index,
  }))
  return [...named, ...listed]
}

function verbOf(word: string): Verb {
  if (word === 'references') return 'references'
  return /^(insert|merge|update|delete|truncate|alter|drop|copy)/.test(word) ? 'write' : 'read'
}

function withoutSqlComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, (found) => found.replace(/[^\n]/g, ' '))
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/**
 * The owner of the tables stands behind the wall between hospitals too, so a migration that reads or changes rows meets none of a hospital's unless it says so
 * (`call house.unforce`): on an empty database it passes, and on a hospital's it changes nothing.
 */
export function checkMigrations(files: readonly SourceFile[]): Finding[] {
  return files.flatMap(({ path, text }) => {
    if (!/\/migrations\/[^/]+\.sql$/.test(path)) return []
    const sql = withoutSqlComments(text).replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, (body) => body.replace(/[^\n]/g, ' '))
    const open = new Set(
      [...sql.matchAll(/house\.unforce\('([\w.]+)'\)|create\s+table\s+([\w.]+)/g)].map(([, unforced, made]) => unforced ?? made),
    )
    const changes = [...sql.matchAll(/(?<=^|;)\s*(?:update|delete\s+from|insert\s+into|merge\s+into|with)\b[^;]*/gi)]
    return changes.flatMap(({ 0: said, index }) =>
      inSql(said, index)
        .map((t) => ({ ...t, table: `${t.schema}.${t.name}` }))
        .filter((t) => !open.has(t.table) && t.schema !== 'house')
        .map((t) => ({
          where: `${path}:${lineOf(text, t.index)}`,
          rule: 'migrations-meet-every-hospital',
          says: `${t.table} stands behind its wall: call house.unforce('${t.table}') before, and house.guard after`,
        })),
    )
  })
}
