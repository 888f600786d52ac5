import type { SourceKind } from '../../views-contract.ts'
import type { Cell } from '../columns/index.ts'

/** How to reach a database of the hospital. */
export type Connection = {
  kind: SourceKind
  host: string
  port: number
  /** Of Oracle the service name, or `sid:ORCL`. */
  database: string
  username: string
  password: string
  tls: boolean
  /** In which its times stand. */
  zone: string
}

export type Timeouts = { connectMs: number; queryMs: number }

export type ColumnType = 'time' | 'text' | 'number' | 'other'
/** `native` is the type as its own dialect names it, where a comparison has to say it. */
export type Column = { name: string; type: ColumnType; native: string }
export type Relation = { schema: string; name: string; isView: boolean }

/**
 * One connection to a database that is not ours, for reading only. A driver gives numbers as numbers or as their digits, and everything else as text;
 * what a dialect selects has turned times into text already.
 */
export type Session = {
  relations(): Promise<Relation[]>
  /** Of what stands behind `from`, without reading a row. */
  columns(from: string): Promise<Column[]>
  rows(text: string, params: readonly Param[]): Promise<Record<string, Cell>[]>
  close(): Promise<void>
}

export type Param = string | number
