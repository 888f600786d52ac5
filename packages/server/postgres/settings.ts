import { totalmem } from 'node:os'

export type Settings = Record<string, string | number>

/** For a small server that PostgreSQL shares with us. Everything else is PostgreSQL's own default, fsync and checksums included. */
export function usualSettings(memoryBytes = totalmem()): Settings {
  const megabytes = memoryBytes / 2 ** 20
  const share = (part: number, least: number, most: number) => `${Math.round(Math.min(most, Math.max(least, megabytes * part)))}MB`
  return {
    listen_addresses: '', // its bundled TLS library is past its end of life: the socket is the only door
    port: 5432,
    unix_socket_permissions: '0700',
    max_connections: 100,
    shared_buffers: share(1 / 8, 64, 2048),
    effective_cache_size: share(1 / 2, 256, 65536),
    work_mem: share(1 / 1000, 4, 32),
    maintenance_work_mem: share(1 / 64, 32, 512),
    max_wal_size: '2GB',
    max_slot_wal_keep_size: '8GB', // of log kept for the archive where nobody fetches it: a full disk would be worse than a new backup
    random_page_cost: 1.1, // solid-state disks
    autovacuum_naptime: '15s', // a first import fills empty tables: the planner should soon know
    jit: 'off', // costs more than it brings for queries of milliseconds
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] %d ',
  }
}
