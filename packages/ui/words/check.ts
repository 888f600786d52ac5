import type { Catalogue } from './define.ts'

type Tree = Catalogue['zh']

function flat(tree: Tree, path = ''): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [name, text] of Object.entries(tree)) {
    if (typeof text === 'string') texts.set(path + name, text)
    else for (const [key, inner] of flat(text, `${path}${name}.`)) texts.set(key, inner)
  }
  return texts
}

const namesIn = (text: string) => [...new Set([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((m) => m[1]))].sort().join()

/** What is wrong with a module's two catalogues: missing or empty sentences, different placeholders. */
export function faultsOf({ module, zh, en }: Catalogue): string[] {
  const chinese = flat(zh)
  const english = flat(en)
  const faults: string[] = []
  for (const key of new Set([...chinese.keys(), ...english.keys()])) {
    const a = chinese.get(key)
    const b = english.get(key)
    if (!a?.trim()) faults.push(`${module}.${key}: no Chinese`)
    else if (!b?.trim()) faults.push(`${module}.${key}: no English`)
    else if (namesIn(a) !== namesIn(b)) faults.push(`${module}.${key}: {${namesIn(a)}} in Chinese, {${namesIn(b)}} in English`)
  }
  return faults
}
