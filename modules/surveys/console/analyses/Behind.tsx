import { useGo, useList, useMe } from '@renxin/client'
import { Column, Drawer, formatMoment, Table } from '@renxin/ui'
import { analysesApi, type ResponseCard } from '../../contract.ts'
import { words } from '../../words.ts'
import type { Asked, Look, Place } from './look.ts'

const w = words.analyses

/** The responses behind a figure. */
export function Behind({ asked, look, place, onClose }: { asked: Asked; look: Look; place: Place; onClose: () => void }) {
  const go = useGo()
  const { may } = useMe()
  const { name, ...at } = place
  const list = useList(analysesApi.analysisRows, { ...asked, ...look, ...at })
  return (
    <Drawer title={w.behind({ name })} size={760} onClose={onClose}>
      <Table
        of={list}
        label={name}
        empty={w.noRows}
        onOpen={may('encounters.read') ? (r: ResponseCard) => go('surveys.response', { id: r.id }) : undefined}
      >
        <Column name={words.results.patient} show={(r: ResponseCard) => r.patientName} />
        <Column name={words.results.whenAnswered} width={160} show={(r: ResponseCard) => formatMoment(r.completedAt)} />
        <Column name={words.results.place} show={(r: ResponseCard) => [r.departmentName, r.wardName].filter(Boolean).join(' ')} />
        <Column name={words.results.channel} width={90} show={(r: ResponseCard) => words.results.channels[r.channel]} />
      </Table>
    </Drawer>
  )
}
