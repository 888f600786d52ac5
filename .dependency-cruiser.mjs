// Who may knock at which door. Each rule's comment is the sentence that whoever breaks it reads.
import floors from './scripts/floors.json' with { type: 'json' }

const workspace = '^((?:apps|modules|packages)/[^/]+|seed|bench|proof|e2e|scripts)/'
const tests = '\\.(test|fixture|e2e)\\.tsx?$|/testing\\.tsx?$'
const page = '^modules/[^/]+/(console|mobile|bedside)/|^apps/(console|mobile|bedside)/src/|^packages/(client|ui)/'
const contract = '^modules/([^/]+)/[a-z-]*contract\\.ts$'
/** What is on neither side of a room alone: its contract, its words, what both sides reckon with. */
const bothSides = '^modules/([^/]+)/(?!server/|console/|mobile/|bedside/)'
const thirdParty = (...names) => `(^|node_modules/)(${names.join('|')})(/|$)`

/** A module may call those on lower floors, and nobody on its own: then no circle can be. */
const directions = floors.flatMap((floor, height) => {
  const below = floors.slice(0, height).flat()
  return floor.map((name) => ({
    name: 'calls-go-down',
    comment: `${name} may call ${below.join(', ') || 'no other module'}: calls go down, events go up (floors: scripts/floors.json)`,
    severity: 'error',
    from: { path: `^modules/${name}/`, pathNot: tests },
    to: { path: '^modules/', pathNot: `^modules/(${[name, ...below].join('|')})/` },
  }))
})

export default {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'these files import one another in a circle; a type counts too',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'by-the-door',
      comment: 'another workspace is imported by its name and door (@renxin/…), never by a relative path',
      severity: 'error',
      from: { path: workspace, pathNot: '^scripts/|\\.config\\.ts$' },
      to: { path: workspace, pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'a-real-door',
      comment: 'this file is no door of its module: only its server face, contract, console, mobile and bedside are',
      severity: 'error',
      from: { path: workspace },
      to: {
        path: '^modules/',
        pathNot: ['^$1/', '^modules/[^/]+/(server/index\\.ts|contract\\.ts|(console|mobile|bedside)/index\\.tsx)$'],
      },
    },
    {
      name: 'every-room-has-a-floor',
      comment: 'say in scripts/floors.json on which floor this module stands',
      severity: 'error',
      from: { path: '^modules/', pathNot: `^modules/(${floors.flat().join('|')})/` },
      to: {},
    },
    ...directions,
    {
      name: 'tools-know-no-rooms',
      comment: 'packages serve any other house: they import no module, no app, no seed',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(apps|modules|seed|bench|proof|e2e|scripts)/' },
    },
    {
      name: 'rooms-know-no-street',
      comment: 'modules are assembled by apps and import none of them',
      severity: 'error',
      from: { path: '^modules/' },
      to: { path: '^(apps|seed|bench|proof|e2e|scripts)/' },
    },
    {
      name: 'nobody-calls-the-counters',
      comment: 'nobody imports analytics or integration: they read views and listen to events',
      severity: 'error',
      from: { path: '^(modules|packages)/', pathNot: '^modules/(analytics|integration)/' },
      to: { path: '^modules/(analytics|integration)/' },
    },
    {
      name: 'kernel-stands-on-zod',
      comment: 'the kernel runs on both sides and depends on zod alone',
      severity: 'error',
      from: { path: '^packages/kernel/', pathNot: tests },
      to: { pathNot: ['^packages/kernel/', thirdParty('zod')] },
    },
    {
      name: 'a-contract-is-a-promise',
      comment: 'a contract imports zod, the kernel, other contracts, and what both sides of its own module reckon with',
      severity: 'error',
      from: { path: contract },
      to: { pathNot: [thirdParty('zod'), '^packages/kernel/', contract, '^modules/$1/(?!server/|console/|mobile/|bedside/)'] },
    },
    {
      name: 'both-sides-take-no-side',
      comment: 'what stands beside a contract runs on both sides: it imports zod, the kernel, contracts and words only',
      severity: 'error',
      from: { path: bothSides, pathNot: [tests, contract] },
      to: {
        pathNot: [
          thirdParty('zod'),
          '^packages/kernel/',
          contract,
          '^modules/$1/(?!server/|console/|mobile/|bedside/)',
          '^packages/ui/words(\\.ts|/)',
        ],
      },
    },
    {
      name: 'pages-stay-in-the-browser',
      comment: 'pages import contracts, client and ui, never anything of a server, types included',
      severity: 'error',
      from: { path: page, pathNot: tests },
      to: { path: '^modules/[^/]+/server/|^packages/(server|hl7|fhir|sip|rtc)/|^apps/server/' },
    },
    {
      name: 'rooms-keep-their-pages-apart',
      comment: 'the server face of a module imports no page',
      severity: 'error',
      from: { path: '^modules/[^/]+/server/|^packages/server/|^apps/server/' },
      to: { path: '^modules/[^/]+/(console|mobile|bedside)/|^packages/client/|^packages/ui/(?!words(\\.ts|/))' },
    },
    {
      name: 'engines-know-no-database',
      comment: 'a protocol engine takes bytes and gives events: no database, no page, no server plumbing',
      severity: 'error',
      from: { path: '^packages/(hl7|fhir|sip|rtc)/', pathNot: tests },
      to: { path: [thirdParty('pg', 'kysely', 'graphile-worker'), '^packages/(server|client|ui)/'] },
    },
    {
      name: 'only-ui-knows-the-look',
      comment: 'only packages/ui knows antd, echarts and i18next',
      severity: 'error',
      from: { pathNot: '^packages/ui/' },
      to: { path: thirdParty('antd', '@ant-design', 'echarts', 'i18next', 'react-i18next') },
    },
    {
      name: 'only-plumbing-knows-fastify',
      comment: 'only packages/server knows Fastify (and the bare server that the bench sets beside ours)',
      severity: 'error',
      from: { pathNot: '^packages/server/|^bench/peer\\.ts$' },
      to: { path: thirdParty('fastify', '@fastify') },
    },
    {
      name: 'what-is-imported-is-there',
      comment: 'this import leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc', // TypeScript 7 has no parser to lend: without swc nothing is read and all is green
    tsPreCompilationDeps: true,
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '(^|/)(dist|\\.cache|\\.data)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.d.mts'],
    },
  },
}
