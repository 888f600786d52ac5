import type { SourceFailure } from '../../views-contract.ts'

/** What is wrong with the other side, in one of our words, and what it says itself. */
export class SourceError extends Error {
  readonly code: SourceFailure
  readonly detail: string
  constructor(code: SourceFailure, detail: string) {
    super(`${code}: ${detail}`)
    this.code = code
    this.detail = detail.slice(0, 300)
  }
}

/** By the codes of the four systems; SQLSTATE, errno of MySQL, numbers of SQL Server, ORA and NJS of Oracle. */
const known: Partial<Record<SourceFailure, RegExp>> = {
  refused: /^(?:ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|NJS-(?:503|511))$/,
  closedAddress: /^EACCES$/,
  unknownHost: /^(?:ENOTFOUND|EAI_AGAIN)$/,
  timeout: /^(?:ETIMEDOUT|ETIMEOUT|NJS-510)$/,
  badLogin: /^(?:28P01|28000|ER_ACCESS_DENIED_ERROR|ELOGIN|ORA-01017|ORA-28000|ORA-28001)$/,
  noDatabase: /^(?:3D000|ER_BAD_DB_ERROR|ER_DBACCESS_DENIED_ERROR|4060|ORA-1(?:2505|2514)|NJS-51[78])$/,
  noRelation: /^(?:42P01|3F000|ER_NO_SUCH_TABLE|ER_VIEW_INVALID|ER_UNKNOWN_TABLE|208|4413|ORA-00942|ORA-04063)$/,
  noColumn: /^(?:42703|ER_BAD_FIELD_ERROR|207|ORA-00904)$/,
  denied: /^(?:42501|ER_TABLEACCESS_DENIED_ERROR|ER_COLUMNACCESS_DENIED_ERROR|229|230|ORA-01031)$/,
  slow: /^(?:57014|ER_QUERY_TIMEOUT|ER_STATEMENT_TIMEOUT|PROTOCOL_SEQUENCE_TIMEOUT|EREQUEST_TIMEOUT|NJS-123|DPI-1067)$/,
  badSql: /^(?:42601|42883|42804|22007|22P02|ER_PARSE_ERROR|ER_WRONG_FIELD_WITH_GROUP|102|156|241|ORA-009\d\d|ORA-018\d\d|ORA-01722)$/,
  unsupported: /^(?:NJS-138|NJS-116|ER_NOT_SUPPORTED_AUTH_MODE|AUTH_SWITCH_PLUGIN_ERROR)$/,
  lost: /^(?:57P0[123]|08\w{3}|PROTOCOL_CONNECTION_LOST|ECONNCLOSED|ESOCKET|EPIPE|ORA-03113|ORA-03135|NJS-500|NJS-501)$/,
}

/** Whatever a driver throws, as one of our words. */
export function failureOf(error: unknown): SourceError {
  if (error instanceof SourceError) return error
  const said = error instanceof Error ? error : new Error(String(error))
  const codes = codesOf(said)
  for (const code of codes) {
    for (const [failure, shape] of Object.entries(known)) {
      if (shape.test(code)) return new SourceError(failure as SourceFailure, `${code} ${said.message}`) // a key of `known`
    }
  }
  if (/timeout expired|query read timeout|timed out/i.test(said.message)) return new SourceError('timeout', said.message)
  if (/terminated|connection.*(?:closed|lost|ended)/i.test(said.message)) return new SourceError('lost', said.message)
  return new SourceError('other', [codes[0], said.message].filter(Boolean).join(' '))
}

function codesOf(error: Error): string[] {
  const own = ['number', 'code', 'errno'].flatMap((key) => {
    const value: unknown = Reflect.get(error, key)
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : []
  })
  const inner = error.cause instanceof Error ? codesOf(error.cause) : []
  const several = error instanceof AggregateError ? error.errors.flatMap((e) => (e instanceof Error ? codesOf(e) : [])) : []
  return [...own, ...inner, ...several, ...(/^((?:ORA|NJS|DPI)-\d+)/.exec(error.message) ?? []).slice(1)]
}
