import { stripVTControlCharacters } from 'node:util'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** Says at once what failed and why, and ends a run with one line that adds up over all runners. A file that could not be loaded counts as a failure. */
export default class PlainReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { state, errors } = test.result()
    if (state !== 'failed') return
    const why = errors.map((e) => stripVTControlCharacters(`${e.message}\n${e.diff ?? ''}`).slice(0, 2000))
    process.stdout.write(`FAILED ${test.module.relativeModuleId} › ${test.fullName}\n${why.join('\n')}\n`)
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      count.failed += module.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        count[state === 'pending' ? 'failed' : state]++
      }
    }
    process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`)
  }
}
