// npm run dev: the server starts again when its code changes, and the pages change as they are written.
import { spawn } from 'node:child_process'
import { ensureInstalled } from './install.mjs'
import { environment, nodeForSource, outcome, root } from './launch.mjs'

await ensureInstalled(root, { forWork: true })
const run = (...args) => spawn(nodeForSource(), args, { cwd: root, stdio: 'inherit', env: environment() })
const children = [
  run('--watch', '--watch-preserve-output', 'apps/server/cli.ts', 'start', '--no-pages'),
  run('node_modules/vite/bin/vite.js', '--config', 'apps/console/vite.config.ts'),
]
const first = await Promise.race(children.map(outcome))
for (const child of children) child.kill('SIGTERM')
process.exitCode = first
