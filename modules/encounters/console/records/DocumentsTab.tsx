import { useAddress, useList, useRead } from '@renxin/client'
import { Column, Description, Drawer, formatFull, formatMoment, houseWords, Icon, Loaded, Row, Stack, StatusTag, Table } from '@renxin/ui'
import { useState } from 'react'
import { type DocumentCard, type DocumentFile, recordsApi } from '../../records-contract.ts'
import { words } from '../../words.ts'
import { FileOfRecord } from './FileOfRecord.tsx'
import type { Place } from './place.ts'
import { Narrative } from './ReportView.tsx'

/** Discharge summaries, notes, consents; a row opens the document. */
export function DocumentsTab({ place }: { place: Place }) {
  const documents = useList(recordsApi.documents, place)
  const [opened, setOpened] = useState<string>()
  const address = useAddress()
  const w = words.records
  return (
    <>
      <Table
        of={documents}
        label={w.tabs.documents}
        empty={w.empty.documents}
        onOpen={(d) => setOpened(d.id)}
        href={(d) => address('encounters.document', { id: d.id })}
        opened={opened}
        maxHeight={560}
      >
        <Column name={w.at} width={140} show={(d: DocumentCard) => formatMoment(d.happenedAt)} />
        <Column name={w.name} show={(d: DocumentCard) => <Title document={d} />} />
        <Column name={w.department} width={130} show={(d: DocumentCard) => d.department?.name ?? houseWords.none} />
        <Column name={w.author} width={110} show={(d: DocumentCard) => d.author?.name ?? houseWords.none} />
        <Column name={w.status} width={130} show={(d: DocumentCard) => <Status document={d} />} />
      </Table>
      {opened && (
        <Drawer title={w.document} onClose={() => setOpened(undefined)} size={760}>
          <DocumentView id={opened} />
        </Drawer>
      )}
    </>
  )
}

function Title({ document: d }: { document: DocumentCard }) {
  return (
    <Row gap={4}>
      <span>{d.title ?? d.code ?? words.records.untitled}</span>
      {d.hasFile && <Icon name="file" size={14} />}
    </Row>
  )
}

function Status({ document: { status, isReplaced } }: { document: DocumentCard }) {
  const shown = isReplaced && status !== 'cancelled' ? 'replaced' : status
  return <StatusTag tone={shown === 'current' ? 'success' : 'plain'}>{words.records.documentStatus[shown]}</StatusTag>
}

/** One document: its text, and its file where it has one. */
export function DocumentView({ id }: { id: string }) {
  const document = useRead(recordsApi.document, { id })
  return <Loaded of={document}>{(data) => <Document document={data} />}</Loaded>
}

function Document({ document: d }: { document: DocumentFile }) {
  const w = words.records
  return (
    <Stack gap={12}>
      <Row>
        <strong>{d.title ?? d.code ?? w.untitled}</strong>
        <Status document={d} />
      </Row>
      <Description
        columns={2}
        items={[
          { label: w.at, value: formatFull(d.happenedAt) },
          { label: w.author, value: d.author?.name },
          { label: w.department, value: d.department?.name },
          { label: w.number, value: d.number },
          d.text !== null && { label: w.text, value: <Narrative text={d.text} />, wide: true },
        ]}
      />
      <FileOfRecord of={d} route={recordsApi.documentFile} />
    </Stack>
  )
}
