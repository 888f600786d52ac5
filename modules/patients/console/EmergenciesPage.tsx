import { GoLink, useList, useUrlState, useWrite } from '@renxin/client'
import { Button, Choice, Column, Dialog, Form, formatMoment, notify, Page, Panel, Row, StatusTag, Table, TextArea } from '@renxin/ui'
import { useState } from 'react'
import { type Emergency, emergencyApi } from '../contract.ts'
import { words } from '../words.ts'

const t = words.emergency
const filters = { waiting: { isReviewed: 'false' }, reviewed: { isReviewed: 'true' }, all: {} } as const
const shownStates = ['waiting', 'reviewed', 'all'] as const

/** The auditor looks at each file that was opened in an emergency, and says whether it was one. */
export function EmergenciesPage() {
  const [{ state }, setUrl] = useUrlState({ state: 'waiting' })
  const chosen = shownStates.find((s) => s === state) ?? 'waiting'
  const list = useList(emergencyApi.emergencies, filters[chosen], { keep: true })
  const [asked, setAsked] = useState<Emergency>()
  return (
    <Page title={t.title}>
      <Choice
        label={t.state}
        hideLabel
        value={chosen}
        onChange={(s) => setUrl({ state: s })}
        options={shownStates.map((s) => ({ value: s, label: t[s] }))}
      />
      <Panel flush>
        <Table of={list} label={t.title} empty={t.none}>
          <Column name={t.at} width={150} show={(e: Emergency) => formatMoment(e.openedAt)} />
          <Column name={t.who} width={160} show={(e: Emergency) => e.userName} />
          <Column name={t.whom} width={100} show={(e: Emergency) => e.patientName ?? t.hidden} />
          <Column name={t.reason} show={(e: Emergency) => e.reason ?? t.hidden} />
          <Column name={t.until} width={150} show={(e: Emergency) => formatMoment(e.until)} />
          <Column name={t.state} width={220} show={(e: Emergency) => <Finding of={e} />} />
          <Column
            width={190}
            show={(e: Emergency) => (
              <Row gap={8}>
                <Button size="small" onClick={() => setAsked(e)}>
                  {t.review}
                </Button>
                <GoLink to="access.audit" search={{ actor: e.userId, ...(e.patientId && { patient: e.patientId }) }}>
                  {t.seen}
                </GoLink>
              </Row>
            )}
          />
        </Table>
      </Panel>
      {asked && <Review of={asked} onClose={() => setAsked(undefined)} />}
    </Page>
  )
}

function Finding({ of: { reviewedAt, reviewedBy, isProper, note } }: { of: Emergency }) {
  if (reviewedAt === null) return <StatusTag tone="warning">{t.waiting}</StatusTag>
  return (
    <>
      <StatusTag tone={isProper ? 'success' : 'danger'}>{isProper ? t.proper : t.improper}</StatusTag>{' '}
      <span className="rx-note">{t.by({ who: reviewedBy ?? '', at: formatMoment(reviewedAt) })}</span>
      {note && <div>{note}</div>}
    </>
  )
}

function Review({ of: emergency, onClose }: { of: Emergency; onClose: () => void }) {
  const [isProper, setProper] = useState<boolean | null>(emergency.isProper)
  const [note, setNote] = useState(emergency.note ?? '')
  const review = useWrite(emergencyApi.reviewEmergency, {
    onSuccess: () => {
      notify(t.saved)
      onClose()
    },
  })
  return (
    <Dialog title={t.reviewTitle({ who: emergency.userName, whom: emergency.patientName ?? t.hidden })} onClose={onClose}>
      <Form
        onSubmit={() => isProper !== null && review.send({ id: emergency.id, isProper, note: note.trim() || null })}
        write={review}
        verb={t.save}
        disabled={isProper === null}
      >
        <p>{emergency.reason ?? t.hidden}</p>
        <Choice
          label={t.finding}
          required
          value={isProper}
          onChange={setProper}
          options={[
            { value: true, label: t.proper },
            { value: false, label: t.improper },
          ]}
        />
        <TextArea label={t.note} value={note} onChange={setNote} maxLength={500} />
      </Form>
    </Dialog>
  )
}
