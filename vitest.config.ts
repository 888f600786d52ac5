import { configDefaults, defineConfig } from 'vitest/config'
import SlowFirst from './scripts/slow-first.ts'

/** It replaces a module of Node for all that it imports. */
const alone = 'packages/server/way-out.test.ts'
/** Machines that are lost, disks that fail, clocks that jump: some minutes each, and so a part of `npm run test:long`. */
const machines = process.env.RENXIN_MACHINES === 'on' ? [] : ['proof/machines/**']

/** `*.test.ts` and `*.db.test.ts` run in Node, pages (`*.test.tsx`) in jsdom; journeys (`*.e2e.ts`) are Playwright's. */
export default defineConfig({
  test: {
    reporters: ['default', './scripts/plain-reporter.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    sequence: { sequencer: SlowFirst },
    env: { TZ: 'America/St_Johns' }, // half an hour off, and never the hospital's: nothing may read the machine's zone
    projects: [
      {
        extends: true,
        test: {
          name: 'server',
          include: ['{apps,modules,packages,seed,bench,proof,scripts,e2e}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, '**/.cache/**', alone, ...machines],
          environment: 'node',
          isolate: false, // each file opens a database of its own; to read the whole house anew for each took a fifth of the time
          globalSetup: './packages/server/postgres/test-cluster.ts',
          setupFiles: './scripts/properties.ts',
        },
      },
      { extends: true, test: { name: 'alone', include: [alone], environment: 'node' } },
      {
        extends: true,
        test: {
          name: 'pages',
          include: ['{apps,modules,packages}/**/*.test.tsx'],
          environment: './scripts/one-browser.ts',
          setupFiles: './packages/ui/testing-each.ts',
          isolate: false,
        },
      },
    ],
  },
})
