import { GoLink, useParams, useRead } from '@renxin/client'
import { Description, formatFull, formatScore, Loaded, Page, Panel, Stack } from '@renxin/ui'
import { surveysApi } from '../contract.ts'
import { words } from '../words.ts'
import { AnswerVersions } from './AnswerVersions.tsx'
import { ResponseAnswers } from './ResponseAnswers.tsx'

/** One response: whose, when, how, and every answer. */
export function ResponsePage() {
  const { id = '' } = useParams()
  const response = useRead(surveysApi.response, { id })
  return (
    <Page title={response.data?.questionnaireTitle ?? words.results.responseTitle}>
      <Loaded of={response}>
        {(r) => (
          <Stack>
            <Panel>
              <Description
                columns={3}
                items={[
                  {
                    label: words.results.patient,
                    value: (
                      <GoLink to="patients.file" params={{ id: r.patientId }}>
                        {r.patientName}
                      </GoLink>
                    ),
                  },
                  { label: words.results.whenAnswered, value: formatFull(r.completedAt) },
                  { label: words.results.place, value: [r.departmentName, r.wardName].filter(Boolean).join(' ') },
                  { label: words.results.channel, value: words.results.channels[r.channel] },
                  { label: words.results.respondent, value: words.results.respondents[r.respondent] },
                  { label: words.results.score, value: r.scoreMean === null ? null : formatScore(r.scoreMean) },
                ]}
              />
            </Panel>
            <Panel>
              <ResponseAnswers definition={r.definition} answers={r.answers} filled={r.filled} />
            </Panel>
            <AnswerVersions id={r.id} />
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}
