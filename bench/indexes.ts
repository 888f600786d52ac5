import type pg from 'pg'

/**
 * Takes the tables' indexes out of the way of what is about to be written: they stay where they are, with every constraint that leans on them,
 * and PostgreSQL neither keeps them up nor reads them until they are built anew.
 */
export async function dropIndexes(db: pg.ClientBase, tables: readonly string[]): Promise<void> {
  await db.query('update pg_index set indisready = false, indisvalid = false where indrelid = any($1::regclass[])', [tables])
}

/** The statements that build them again, each of which checks what the index promises; the largest tables' first. */
export async function buildIndexes(db: pg.ClientBase, tables: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select indexrelid::regclass::text as name from pg_index where indrelid = any($1::regclass[]) order by pg_table_size(indrelid) desc, indexrelid`,
    [tables],
  )
  return rows.map((r) => `reindex index ${r.name}`)
}

export const analyzeTables = (tables: readonly string[]): string[] => tables.map((table) => `vacuum analyze ${table}`)
