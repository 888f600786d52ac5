import type { words } from '../../words.ts'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

type Keys = { keys: Record<string, unknown>[] } | { wrong: keyof typeof words.fhir.keysWrong }

/** The key set somebody pasted; a single key is a set of one. A private key is not even sent to the server. */
export function readKeys(text: string): Keys {
  if (/PRIVATE KEY/.test(text)) return { wrong: 'private' }
  const value = parse(text)
  if (!isObject(value)) return { wrong: 'notJson' }
  const keys = ('kty' in value ? [value] : Array.isArray(value.keys) ? value.keys : []).filter(isObject)
  if (keys.length === 0) return { wrong: 'none' }
  return keys.some((key) => 'd' in key || 'p' in key || 'k' in key) ? { wrong: 'private' } : { keys }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
