import { useWrite } from '@renxin/client'
import { Button, Dialog, Drawer, ErrorNote, houseWords, notify, Stack, TextArea, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type Cohort, CohortVisit, cohortsApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { VisitList } from './VisitFields.tsx'

const t = words.cohorts

/** What a frozen study says of itself may be put right. */
export function AboutDialog({ cohort, onClose }: { cohort: Cohort; onClose: () => void }) {
  const [purpose, setPurpose] = useState(cohort.purpose)
  const [ethicsNumber, setEthicsNumber] = useState(cohort.ethicsNumber ?? '')
  const [leadName, setLeadName] = useState(cohort.leadName)
  const save = useWrite(cohortsApi.describeCohort, {
    onSuccess: () => {
      notify(t.saved)
      onClose()
    },
  })
  const { id, revision } = cohort
  return (
    <Dialog
      title={t.about}
      onClose={onClose}
      footer={
        <Button
          kind="primary"
          busy={save.isSending}
          disabled={leadName.trim() === ''}
          onClick={() => save.send({ id, revision, purpose, ethicsNumber: ethicsNumber.trim() || null, leadName })}
        >
          {t.save}
        </Button>
      }
    >
      <Stack>
        <TextField label={t.lead} required value={leadName} onChange={setLeadName} maxLength={60} />
        <TextField label={t.ethicsNumber} hint={t.ethicsHint} value={ethicsNumber} onChange={setEthicsNumber} maxLength={100} />
        <TextArea label={t.purpose} value={purpose} onChange={setPurpose} maxLength={2000} />
        <ErrorNote error={save.error} text={words.of(save.error)} />
      </Stack>
    </Dialog>
  )
}

/** Visits that are added to a frozen study; those that are planned stay. */
export function AddVisits({ cohort, onClose }: { cohort: Cohort; onClose: () => void }) {
  const [visits, setVisits] = useState<CohortVisit[]>([])
  const [isTried, setTried] = useState(false)
  const add = useWrite(cohortsApi.addVisits, {
    onSuccess: () => {
      notify(t.addedVisits)
      onClose()
    },
  })
  const wrongAt = visits.map((v) => CohortVisit.safeParse(v).error?.issues.map((i) => i.path[0]) ?? [])
  const submit = () => {
    setTried(true)
    if (visits.length > 0 && wrongAt.every((w) => w.length === 0)) add.send({ id: cohort.id, revision: cohort.revision, visits })
  }
  return (
    <Drawer
      title={t.addVisits}
      size={1000}
      onClose={onClose}
      footer={
        <Button kind="primary" busy={add.isSending} disabled={visits.length === 0} onClick={submit}>
          {t.addVisits}
        </Button>
      }
    >
      <Stack>
        <span className="rx-note">{t.visitsHint}</span>
        <VisitList
          visits={visits}
          onChange={setVisits}
          wrong={(at, field) =>
            isTried && field !== undefined && wrongAt[Number(at)]?.includes(field) ? houseWords.errors.invalid : undefined
          }
        />
        <ErrorNote error={add.error} text={words.of(add.error)} />
      </Stack>
    </Drawer>
  )
}
