import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The proofs run for minutes, so they begin first: at the end of a run one worker would wait for the other. */
export default class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => Number(isProof(b)) - Number(isProof(a)))
  }
}

const isProof = ({ moduleId }: TestSpecification) => /\/proof\/[^/]+\.test\.ts$/.test(moduleId)
