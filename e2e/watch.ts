import type { BrowserContext } from '@playwright/test'

/** A refusal is an answer, which the page shows; Chromium reports it to the console all the same. */
const isRefusal = (text: string) => /^Failed to load resource: the server responded with a status of (401|403|404|409|422)/.test(text)
/** That the hospital's provider of single sign-on is away is told beside its button. */
const isToldOfProvider = (text: string, from: string) => /status of 503/.test(text) && /\/api\/access\/sso\/(begin|finish)$/.test(from)
const isLocal = (url: string) => /^(http:\/\/(127\.0\.0\.1|localhost)[:/]|data:|blob:|about:)/.test(url)

/** Listens to all pages of a context; answers what should not have been. */
export function watch(context: BrowserContext): () => string[] {
  const seen: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error' && !isRefusal(message.text()) && !isToldOfProvider(message.text(), message.location().url))
      seen.push(`console: ${message.text()}`)
  })
  context.on('weberror', (error) => seen.push(`error: ${error.error().message}`))
  context.on('request', (request) => {
    if (!isLocal(request.url())) seen.push(`request: ${request.url()}`)
  })
  return () => seen
}
