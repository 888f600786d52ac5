import { type Finding, lineOf, type SourceFile } from './house.ts'

type Manifest = { exports?: Record<string, string>; dependencies?: object; devDependencies?: object; optionalDependencies?: object }
type Lock = { packages: Record<string, { resolved?: string; link?: boolean; optionalDependencies?: Record<string, string> }> }

const workspace = /^((apps|modules|packages)\/[^/]+|seed|bench|e2e)\/package\.json$/

const reasonsPath = 'docs/dependencies.md'

const doors: Record<string, string> = {
  '.': './server/index.ts',
  './contract': './contract.ts',
  './console': './console/index.tsx',
  './mobile': './mobile/index.tsx',
  './bedside': './bedside/index.tsx',
}

export function checkManifests(files: readonly SourceFile[]): Finding[] {
  const workspaces = files.filter(({ path }) => workspace.test(path))
  return files.flatMap((file) => {
    if (file.path === 'package-lock.json') return checkLock(file, workspaces)
    if (file.path === 'package.json') return checkReasons(file, files)
    if (workspace.test(file.path)) return checkWorkspace(file)
    return []
  })
}

/** npm writes an incomplete lock without complaint when a platform's package is not published, and `npm ci` fails elsewhere. */
function checkLock({ path, text }: SourceFile, workspaces: readonly SourceFile[]): Finding[] {
  const { packages } = JSON.parse(text) as Lock
  const entries = Object.entries(packages)
  const known = new Set(entries.map(([at]) => at.replace(/^.*node_modules\//, '')))
  const wanted = entries.flatMap(([, { optionalDependencies }]) => Object.keys(optionalDependencies ?? {}))
  const missing = [...new Set(wanted)].filter((name) => !known.has(name))
  const addressed = entries.filter(([, { resolved, link }]) => resolved && !link).map(([at]) => at)
  const unknown = workspaces.map((at) => at.path.replace('/package.json', '')).filter((folder) => !packages[folder])
  return [
    ...unknown.map((folder) => ({
      where: path,
      rule: 'a-whole-lock',
      says: `${folder} has no entry: npm ci would fail (npm install writes it)`,
    })),
    ...missing.map((name) => ({ where: path, rule: 'a-whole-lock', says: `${name} is asked for and has no entry: npm ci would fail` })),
    ...addressed.slice(0, 3).map((at) => ({ where: path, rule: 'no-addresses', says: `${at} records where it was downloaded from` })),
  ]
}

/** docs/dependencies.md gives a reason for every package, and for none that is gone. */
function checkReasons({ path, text }: SourceFile, files: readonly SourceFile[]): Finding[] {
  const manifest = JSON.parse(text) as Manifest
  const used = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies].flatMap((list) => Object.keys(list ?? {}))
  const page = files.find((file) => file.path === reasonsPath)?.text ?? ''
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  const given = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
  const rule = 'a-reason-for-every-package'
  return [
    ...used.filter((name) => !given.includes(name)).map((name) => ({ where: path, rule, says: `${name} has no reason in ${reasonsPath}` })),
    ...given
      .filter((name) => !used.includes(name))
      .map((name) => ({ where: reasonsPath, rule, says: `${name} is in no list of package.json` })),
  ]
}

function checkWorkspace({ path, text }: SourceFile): Finding[] {
  const manifest = JSON.parse(text) as Manifest
  const findings: Finding[] = []
  if (manifest.dependencies || manifest.devDependencies || manifest.optionalDependencies) {
    findings.push({ where: path, rule: 'one-list-of-packages', says: 'every third-party version stands once, in the root package.json' })
  }
  if (path.startsWith('modules/')) {
    for (const [door, target] of Object.entries(manifest.exports ?? {})) {
      if (doors[door] !== target)
        findings.push({ where: path, rule: 'five-doors', says: `"${door}" → ${target} is none of the doors of a module` })
    }
  }
  return findings
}

// Written so that this file does not find itself.
const machinePaths = /(?<![\w.~*/-])\/(?:wor[k]|roo[t]|hom[e]\/[a-z]\w*|Users\/[a-z]\w*)\/[\w.-]+/g
const registries = /\b(?:registry\.[\w.-]+\.[a-z]{2,}|[\w.-]*npmmi[r]ror\.com|[\w.-]*artifac[t]ory[\w.-]*|verdacc[i]o)\b/gi
const textual = /\.(ts|tsx|mjs|mts|js|json|md|yml|yaml|sql|css|html|sh|svg)$|^[^.]*$|\/\.?(run|npmrc|gitignore|editorconfig)$|^\.npmrc$/

export function checkTraces(files: readonly SourceFile[]): Finding[] {
  return files.flatMap(({ path, text }) => {
    if (!textual.test(path)) return []
    const find = (pattern: RegExp, rule: string, says: string) =>
      [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
        where: `${path}:${lineOf(text, index)}`,
        rule,
        says: `"${found}" ${says}`,
      }))
    return [
      ...find(machinePaths, 'no-machine-paths', 'is a place on one machine'),
      ...find(registries, 'no-registries', 'names a package registry: npm knows its own'),
    ]
  })
}
