import { lookup } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { houseErrors } from '@renxin/kernel'

/** This machine. */
const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** The link, what is no host at all, addresses that wrap others, and where clouds tell a machine its own secrets: no system of a hospital is there. */
const closed = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['100.100.100.200', 32], // Alibaba Cloud
  ['192.0.0.192', 32], // Oracle Cloud
  ['168.63.129.16', 32], // Azure
] as const)
  closed.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::', 96],
  ['fe80::', 10],
  ['ff00::', 8],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fd00:ec2::254', 128], // AWS
] as const)
  closed.addSubnet(network, bits, 'ipv6')

let hasLoopback = false // of the process, as its network is

/** Whether systems of the hospital may be on this machine itself. Said once, at the start. */
export function allowLoopback(isAllowed: boolean): void {
  hasLoopback = isAllowed
}

/** Whether nothing is sent to an address, whoever sets it up. */
export function isClosed(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return true
  const kind = family === 4 ? 'ipv4' : 'ipv6' // one that is mapped counts as what it is mapped from
  return isLoopback(address) ? !hasLoopback : closed.check(address.replace(/%.*$/, ''), kind)
}

export const isLoopback = (address: string): boolean =>
  isIP(address) !== 0 && loopback.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')

/** Whether a host as it is written is this machine: by a name that every machine has for itself, in any way of writing its number, or as a socket file. */
export function isLoopbackHost(host: string): boolean {
  const name = nameOf(host)
  return name.startsWith('/') || name === 'localhost' || name.endsWith('.localhost') || isLoopback(name)
}

/** What can be said of a host before its name is looked up. */
export function isClosedHost(host: string): boolean {
  const name = nameOf(host)
  return isLoopbackHost(host) ? !hasLoopback : isIP(name) !== 0 && isClosed(name)
}

/** For a setting that is saved. */
export function refuseClosed(host: string): void {
  if (isClosedHost(host)) throw houseErrors.closedAddress({ host })
}

/** The same of the address of a web service. */
export function refuseClosedUrl(url: string): void {
  if (!URL.canParse(url)) throw houseErrors.invalid({ because: 'malformed' })
  refuseClosed(new URL(url).hostname)
}

/** `2130706433`, `0x7f.1` and `127.1` are read as every resolver reads them. */
function nameOf(host: string): string {
  const bare = host
    .trim()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase()
  if (bare.startsWith('/') || isIP(bare) !== 0) return bare
  return URL.canParse(`http://${bare}/`) ? new URL(`http://${bare}/`).hostname.replace(/\.$/, '') : bare
}

/** Why nothing was sent: the address is none to which we go. */
export class ClosedAddress extends Error {
  readonly code = 'EACCES'
  constructor() {
    super('the address of this host is closed')
  }
}

/** Whether a connection failed since the address is closed. */
export const isClosedAddress = (error: unknown): boolean =>
  error instanceof ClosedAddress || (error instanceof Error && isClosedAddress(error.cause))

/**
 * Looks a host up for a connection and refuses the closed addresses then, so that a name which changes its address meanwhile gains nothing. Of a host that is
 * a number nobody looks anything up: it is for `isClosedHost`, before.
 */
export const openLookup: LookupFunction = (host, options, done) => lookUp(isClosed, host, options, done)

/** The same where this machine is not meant, even if it is allowed. */
export const outsideLookup: LookupFunction = (host, options, done) => lookUp((a) => isClosed(a) || isLoopback(a), host, options, done)

const lookUp = (
  isShut: (address: string) => boolean,
  host: string,
  options: Parameters<LookupFunction>[1],
  done: Parameters<LookupFunction>[2],
): void =>
  lookup(host, { ...options, all: true }, (error, found) => {
    const list = error ? [] : found.filter((one) => !isShut(one.address))
    const [first] = list
    if (error) done(error, '', 0)
    else if (!first) done(new ClosedAddress(), '', 0)
    else if (options.all) done(null, list)
    else done(null, first.address, first.family)
  })

const lookUpAll = promisify(lookup)

/** The address behind a name, for a driver that looks names up by itself. */
export async function openAddress(host: string): Promise<string> {
  if (isClosedHost(host)) throw new ClosedAddress()
  if (host.startsWith('/')) return host
  const { address } = (await lookUpAll(host, { all: true })).find((one) => !isClosed(one.address)) ?? {}
  if (address === undefined) throw new ClosedAddress()
  return address
}

export type WebAnswer = { status: number; headers: http.IncomingHttpHeaders; text: string }

const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) }

/** One request to another system and its whole answer, within the time. Redirects are not followed: what we send is for this address. */
export function askWeb(
  address: string,
  said: { method?: string; headers: Record<string, string>; body?: string; longestMs: number; longestText: number },
): Promise<WebAnswer> {
  const url = new URL(address)
  if (!/^https?:$/.test(url.protocol) || isClosedHost(url.hostname)) return Promise.reject(new ClosedAddress())
  const signal = AbortSignal.timeout(said.longestMs)
  const { method = 'GET', body } = said
  return new Promise<WebAnswer>((resolve, reject) => {
    const isSealed = url.protocol === 'https:'
    const headers = { ...said.headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) }
    const options = { method, headers, signal, agent: isSealed ? agents.https : agents.http, lookup: openLookup }
    const sent = (isSealed ? https : http).request(url, options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        text += piece
        if (text.length > said.longestText) response.destroy(new Error('the answer has no end'))
      })
      response.once('error', reject)
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sent.once('error', reject)
    sent.end(body)
  }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error
  })
}
