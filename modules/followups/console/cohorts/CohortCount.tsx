import { useAddress, useGo, useList, useMe, useRead } from '@renxin/client'
import { Button, Column, Drawer, ErrorNote, formatCount, houseWords, Panel, Stack, Table } from '@renxin/ui'
import { useState } from 'react'
import { type CohortTaken, cohortsApi } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.cohorts

/** How many the filter takes now, as it is written, and who they are. */
export function CohortCount({ what }: { what: string }) {
  const [isListing, setListing] = useState(false)
  const isRight = cohortsApi.cohortPreview.input.safeParse({ what }).success
  const count = useRead(cohortsApi.cohortPreview, { what }, { enabled: isRight, keep: true })
  const { data } = count
  return (
    <Panel
      title={t.count}
      actions={
        <Button size="small" disabled={!isRight} onClick={() => setListing(true)}>
          {t.showWhom}
        </Button>
      }
    >
      <div role="status">
        {count.error ? (
          <ErrorNote error={count.error} text={words.of(count.error)} />
        ) : isRight && data ? (
          <Stack gap={4}>
            <strong>{t.counted({ members: formatCount(data.members) })}</strong>
            <span className="rx-note">
              {t.countedOf({ all: formatCount(data.all), matching: formatCount(data.matching), members: formatCount(data.members) })}
            </span>
          </Stack>
        ) : (
          t.notYet
        )}
      </div>
      {isListing && <Whom what={what} onClose={() => setListing(false)} />}
    </Panel>
  )
}

const said = (of: CohortTaken['diagnosis']) => (of ? `${of.code ?? ''} ${of.name}`.trim() : houseWords.none)

function Whom({ what, onClose }: { what: string; onClose: () => void }) {
  const go = useGo()
  const address = useAddress()
  const { may } = useMe()
  const list = useList(cohortsApi.cohortWhom, { what, limit: 50 }, { keep: true })
  return (
    <Drawer title={t.whomTitle} size={880} onClose={onClose}>
      <Table
        of={list}
        label={t.whomTitle}
        empty={t.nobody}
        rowKey={(r: CohortTaken) => r.encounterId}
        {...(may('patients.read') && {
          onOpen: (r: CohortTaken) => go('patients.file', { id: r.patientId }),
          href: (r: CohortTaken) => address('patients.file', { id: r.patientId }),
        })}
      >
        <Column name={t.patient} width={100} show={(r: CohortTaken) => r.patientName} />
        <Column name={t.age} width={70} align="end" show={(r: CohortTaken) => r.age ?? houseWords.none} />
        <Column name={words.department} width={130} show={(r: CohortTaken) => r.departmentName ?? houseWords.none} cut />
        <Column name={t.dischargedOn} width={120} show={(r: CohortTaken) => r.dischargedOn} />
        <Column name={t.diagnosis} show={(r: CohortTaken) => said(r.diagnosis)} cut />
        <Column name={t.operation} show={(r: CohortTaken) => said(r.operation)} cut />
      </Table>
    </Drawer>
  )
}
