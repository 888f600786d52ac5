import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { FhirProblem } from '@renxin/fhir'
import { isHostNamed } from '../../fhir-contract.ts'

/** This machine, the link, and what is no host at all: where a notice must not go unless the administrator has named it. */
const closed = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  closed.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::', 128],
  ['::1', 128],
  ['fe80::', 10],
  ['ff00::', 8],
  ['64:ff9b::', 96],
] as const)
  closed.addSubnet(network, bits, 'ipv6')

export function isClosed(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return closed.check(mapped, 'ipv4')
  const family = isIP(address)
  return family === 0 || closed.check(address, family === 4 ? 'ipv4' : 'ipv6') || /^::ffff:/i.test(address)
}

export type Hook = { url: URL; isNamed: boolean }

/** Reads the address of a hook; refuses what is none, and what the administrator does not allow. */
export function readHook(text: unknown, hosts: readonly string[]): Hook {
  const refuse = (why: string) =>
    new FhirProblem(422, 'business-rule', `Subscription.channel.endpoint: ${why}`, 'Subscription.channel.endpoint')
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') throw refuse('only http and https are spoken')
  if (url.username || url.password) throw refuse('a password belongs into a header')
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const isNamed = hosts.some((named) => isHostNamed(host, named.toLowerCase()))
  if (!isNamed && hosts.length > 0) throw refuse('this host is not among those that the hospital allows')
  if (!isNamed && (host === 'localhost' || host.endsWith('.localhost') || (isIP(host) !== 0 && isClosed(host))))
    throw refuse('this machine itself and addresses of the link are not told')
  return { url, isNamed }
}

/** Looks a host up for a connection and refuses the closed addresses then, so that a name which changes its address meanwhile gains nothing. */
export const openLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    const list = error ? [] : found.filter((one) => !isClosed(one.address))
    const [first] = list
    if (error) done(error, '', 0)
    else if (!first) done(Object.assign(new Error('the address of this host is closed'), { code: 'EACCES' }), '', 0)
    else if (options.all) done(null, list)
    else done(null, first.address, first.family)
  })
}
