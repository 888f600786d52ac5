import { builtinEnvironments, type Environment } from 'vitest/runtime'

const key = Symbol.for('renxin.browser')
const held = globalThis as { [key]?: Promise<unknown> }

/** One jsdom for all files of a worker, so that what they import is read once; each finds it at the first page, with nothing kept. */
export default {
  name: 'one-browser',
  viteEnvironment: 'client',
  async setup(global, options) {
    held[key] ??= Promise.resolve(builtinEnvironments.jsdom.setup(global, options))
    await held[key]
    return {
      teardown() {
        localStorage.clear()
        sessionStorage.clear()
        history.replaceState(null, '', '/')
      },
    }
  },
} satisfies Environment
