import { type Hook, isHostNamed } from '../../fhir-contract.ts'

const HOST = /^(?:\*\.)?(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|[0-9a-f]*:[0-9a-f:.]+)$/

/** The host that a line means: of a whole address, or one with a port, the host alone. */
function hostOf(line: string): string {
  const text = line.normalize('NFKC').trim().toLowerCase()
  const host = /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text).hostname : text.replace(/^([^:]+):\d+$/, '$1')
  return host.replace(/^\[(.*)\]$/, '$1')
}

/** The hosts of a text, one a line, and those that are none. */
export function readHosts(text: string): { hosts: string[]; wrong: string[] } {
  const hosts = [...new Set(text.split(/[\s,，;；、]+/).map(hostOf))].filter((h) => h !== '')
  return { hosts, wrong: hosts.filter((h) => !HOST.test(h) || h.length > 250) }
}

/** The hosts that are told today and would not be under this list. */
export function leftOut(hooks: readonly Hook[], hosts: readonly string[]): string[] {
  if (hosts.length === 0) return []
  const told = hooks.filter((h) => h.isAllowed && h.state !== 'off').map((h) => h.host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1'))
  return [...new Set(told)].filter((host) => !hosts.some((named) => isHostNamed(host, named)))
}
