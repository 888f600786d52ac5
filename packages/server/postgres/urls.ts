export type Role = 'renxin_owner' | 'renxin_app' | 'postgres'

export const databaseName = 'renxin'

/** A connection string for a server that listens on a unix socket only: the folder stands, encoded, where the host would. */
export function socketUrl(role: Role, socketFolder: string, database: string = databaseName): string {
  return `postgresql://${role}@${encodeURIComponent(socketFolder)}:5432/${database}`
}

/** The same server and role, another database. */
export function withDatabase(url: string, database: string): string {
  const moved = new URL(url)
  moved.pathname = `/${encodeURIComponent(database)}`
  return moved.href
}

export function urlsOf(socketFolder: string) {
  return {
    ownerUrl: socketUrl('renxin_owner', socketFolder),
    appUrl: socketUrl('renxin_app', socketFolder),
    superUrl: socketUrl('postgres', socketFolder, 'postgres'),
  }
}

export type ClusterUrls = ReturnType<typeof urlsOf>
