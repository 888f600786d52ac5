import { stripVTControlCharacters } from 'node:util'
import type { FullConfig, Reporter, Suite, TestCase, TestError, TestResult } from '@playwright/test/reporter'

/** Says at once what failed and why, and ends a run with the line that all our runners end with. */
export default class PlainReporter implements Reporter {
  #suite: Suite | undefined
  #errors = 0

  printsToStdio(): boolean {
    return false
  }

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#suite = suite
  }

  onError(_error: TestError): void {
    this.#errors++
  }

  onTestEnd(test: TestCase, { status, errors }: TestResult): void {
    if (status === test.expectedStatus || status === 'skipped') return
    const why = errors.map((e) => stripVTControlCharacters(e.message ?? '').slice(0, 2000))
    process.stdout.write(`FAILED ${test.titlePath().join(' › ')}\n${why.join('\n')}\n`)
  }

  onEnd(): void {
    const count = { passed: 0, failed: this.#errors, skipped: 0 }
    for (const test of this.#suite?.allTests() ?? []) {
      const outcome = test.outcome()
      // One that was never run because the run broke off counts as a failure, unless it says itself that it is skipped.
      if (outcome === 'skipped') count[test.expectedStatus === 'skipped' ? 'skipped' : 'failed']++
      else count[outcome === 'unexpected' ? 'failed' : 'passed']++
    }
    process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`)
  }
}
