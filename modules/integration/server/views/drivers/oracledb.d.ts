/** What we use of `oracledb`, which brings no types: https://node-oracledb.readthedocs.io/en/latest/api_manual/oracledb.html */
declare module 'oracledb' {
  export type DbType = { readonly name: string }
  export type MetaData = { readonly name: string; readonly dbTypeName: string }
  type Options = {
    outFormat?: number
    maxRows?: number
    fetchTypeHandler?: (column: { dbType: DbType }) => { type: DbType } | undefined
  }
  type Result = { readonly rows?: Record<string, unknown>[]; readonly metaData?: MetaData[] }
  export type Connection = {
    callTimeout: number
    execute(text: string, params: readonly (string | number)[], options?: Options): Promise<Result>
    rollback(): Promise<void>
    close(): Promise<void>
  }
  const oracledb: {
    readonly OUT_FORMAT_OBJECT: number
    readonly DB_TYPE_CLOB: DbType
    readonly DB_TYPE_NCLOB: DbType
    readonly DB_TYPE_NUMBER: DbType
    readonly STRING: DbType
    getConnection(options: { user: string; password: string; connectString: string }): Promise<Connection>
  }
  export default oracledb
}
