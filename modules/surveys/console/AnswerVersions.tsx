import { useRead } from '@renxin/client'
import { Columns, formatMoment, Loaded, Panel, Stack } from '@renxin/ui'
import { type AnswerVersion, surveysApi } from '../contract.ts'
import { words } from '../words.ts'
import { ResponseAnswers } from './ResponseAnswers.tsx'

const w = words.results

type AnswerVersionsProps = {
  id: string
  /** Shows the answers under this title also where they were never put right; without it, only what was. */
  title?: string
}

/** Answers that were put right beside what they were before: what, by whom, when and why. */
export function AnswerVersions({ id, title }: AnswerVersionsProps) {
  const read = useRead(surveysApi.answerVersions, { id })
  const isOne = read.data?.versions.length === 1
  if (title === undefined && (isOne || !read.data)) return null
  return (
    <Panel title={[title, !isOne && read.data && w.versionsTitle].filter(Boolean).join(' · ')}>
      <Loaded of={read} lines={4}>
        {({ definition, versions: [first, ...others] }) =>
          others.length === 0 && first ? (
            <ResponseAnswers definition={definition} answers={first.answers} filled={first.filled} />
          ) : (
            <SideBySide definition={definition} versions={[first, ...others].filter((v) => v !== undefined)} />
          )
        }
      </Loaded>
    </Panel>
  )
}

function SideBySide({ definition, versions }: { definition: unknown; versions: AnswerVersion[] }) {
  return (
    <Columns
      sizes={versions
        .slice(0, 2)
        .map(() => 'minmax(0, 1fr)')
        .join(' ')}
    >
      {versions.map((v, at) => (
        <section key={v.id} aria-label={nameOf(at, versions.length)}>
          <Stack>
            <h3>{nameOf(at, versions.length)}</h3>
            <p className="rx-note">{[formatMoment(v.at), v.byName].filter(Boolean).join(' · ')}</p>
            {v.reason !== null && <p>{w.because({ reason: v.reason })}</p>}
            <ResponseAnswers definition={definition} answers={v.answers} filled={v.filled} />
          </Stack>
        </section>
      ))}
    </Columns>
  )
}

const nameOf = (at: number, all: number): string => (at === 0 ? w.nowStands : at === all - 1 ? w.firstSaid : w.inBetween({ n: all - at }))
