const SHAPE = /^system\/(\*|[A-Z][A-Za-z]+)\.(?:(\*|read|write)|(c?r?u?d?s?))$/

type Scopes = { granted: string[]; permissions: string[] }

/**
 * What a client asks for in the words of SMART (`system/*.read`, `system/Patient.rs`), as far as it may have it, and our permissions for it.
 * A scope of one resource type becomes `fhir.read:Patient` beside `fhir.read`, and then no other type may be read.
 */
export function scopesFor(asked: string, allowed: readonly string[]): Scopes {
  const granted: string[] = []
  const types = { read: new Set<string>(), write: new Set<string>() }
  for (const scope of new Set(asked.split(/\s+/).filter(Boolean))) {
    const [, type = '', word, letters = ''] = SHAPE.exec(scope) ?? []
    if (type === '' || (word === undefined && letters === '')) continue
    const reads = word === '*' || word === 'read' || /[rs]/.test(letters)
    const writes = word === '*' || word === 'write' || /[cud]/.test(letters)
    if ((reads && !allowed.includes('fhir.read')) || (writes && !allowed.includes('fhir.write'))) continue
    granted.push(scope)
    if (reads) types.read.add(type)
    if (writes) types.write.add(type)
  }
  const permissions = (['read', 'write'] as const).flatMap((act) => {
    const named = [...types[act]]
    if (named.length === 0) return []
    return named.includes('*') ? [`fhir.${act}`] : [`fhir.${act}`, ...named.map((type) => `fhir.${act}:${type}`)]
  })
  // A write goes through a door that is open to readers.
  if (types.write.size > 0 && types.read.size === 0) permissions.push('fhir.read', 'fhir.read:none')
  return {
    granted,
    permissions: [...permissions, ...(granted.length > 0 && allowed.includes('patients.unmask') ? ['patients.unmask'] : [])],
  }
}
