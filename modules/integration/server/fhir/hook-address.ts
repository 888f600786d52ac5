import { FhirProblem } from '@renxin/fhir'
import { isClosedHost, isLoopbackHost } from '@renxin/server'
import { isHostNamed } from '../../fhir-contract.ts'

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
  if (isClosedHost(host) || (!isNamed && isLoopbackHost(host))) throw refuse('this machine itself and addresses of the link are not told')
  return { url, isNamed }
}
