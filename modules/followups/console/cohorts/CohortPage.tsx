import { GoLink, useGo, useParams, useRead } from '@renxin/client'
import { addDays, newId } from '@renxin/kernel'
import { Loaded, Page, Panel, today } from '@renxin/ui'
import { useState } from 'react'
import { CohortBody, CohortFilter, cohortsApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { CohortForm } from './CohortForm.tsx'
import { NEW } from './CohortsPage.tsx'
import { StudyView } from './StudyView.tsx'

const t = words.cohorts

/** One study: while it is a draft the form that writes it, then what becomes of it. */
export function CohortPage() {
  const { id = '' } = useParams()
  return id === NEW ? <NewStudy /> : <KnownStudy id={id} />
}

const back = () => <GoLink to="followups.cohorts">{t.title}</GoLink>

function NewStudy() {
  const go = useGo()
  const [id] = useState(() => newId())
  const [body] = useState((): CohortBody => {
    const filter = CohortFilter.parse({ from: addDays(today(), -365), to: addDays(today(), -1) })
    return { name: '', purpose: '', ethicsNumber: null, leadName: '', filter, visits: [] }
  })
  return (
    <Page title={t.newStudy} back={back()}>
      <CohortForm id={id} revision={0} body={body} onSaved={() => go('followups.cohort', { id })} />
    </Page>
  )
}

function KnownStudy({ id }: { id: string }) {
  const cohort = useRead(cohortsApi.cohort, { id })
  const { data } = cohort
  if (data && data.status !== 'draft') return <StudyView cohort={data} back={back()} />
  return (
    <Page title={data?.name ?? t.study} back={back()}>
      {data ? (
        <CohortForm key={data.revision} id={id} revision={data.revision} body={CohortBody.parse(data)} />
      ) : (
        <Panel>
          <Loaded of={cohort} lines={10}>
            {() => null}
          </Loaded>
        </Panel>
      )}
    </Page>
  )
}
