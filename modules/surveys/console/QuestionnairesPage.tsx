import { call, download, useGo, useList, useMe, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Button, Column, ErrorNote, formatMoment, Menu, notify, Page, Panel, Row, StatusTag, Table, Tag, undoBar } from '@renxin/ui'
import { useState } from 'react'
import { type QuestionnaireCard, surveysApi } from '../contract.ts'
import { words } from '../words.ts'
import { ImportDialog } from './ImportDialog.tsx'

const w = words.builder
const tones = { draft: 'info', active: 'success', disabled: 'plain' } as const

/** All questionnaires of the hospital, and what can be done with each. */
export function QuestionnairesPage() {
  const go = useGo()
  const { may } = useMe()
  const [isImporting, setImporting] = useState(false)
  const [failed, setFailed] = useState<unknown>()
  const list = useList(surveysApi.questionnaires, {})
  const create = useWrite(surveysApi.create, { onSuccess: ({ id }) => go('surveys.edit', { id }) })
  const copy = useWrite(surveysApi.copy, { onSuccess: ({ title }) => notify(w.copied({ title })) })
  const enable = useWrite(surveysApi.enable)
  const disable = useWrite(surveysApi.disable, {
    onSuccess: ({ id, title }) => undoBar(w.disabled({ title }), () => enable.send({ id })),
  })
  const mayEdit = may('surveys.edit')
  const mayRead = may('surveys.results')

  const createNew = () =>
    create.send({ id: newId(), definition: { resourceType: 'Questionnaire', status: 'draft', language: 'zh-CN', title: w.newTitle } })
  const save = (versionId: string) => download(surveysApi.exportVersion, { id: versionId }).catch(setFailed)
  const open = (q: QuestionnaireCard) => (mayEdit ? go('surveys.edit', { id: q.id }) : mayRead && go('surveys.results', { id: q.id }))

  return (
    <Page
      title={w.title}
      actions={
        <>
          <Button icon="book" onClick={() => go('surveys.templates', {})}>
            {words.templates.open}
          </Button>
          {mayEdit && (
            <>
              <Button icon="upload" onClick={() => setImporting(true)}>
                {w.import}
              </Button>
              <Button kind="primary" icon="add" busy={create.isSending} onClick={createNew}>
                {w.create}
              </Button>
            </>
          )}
        </>
      }
    >
      <ErrorNote error={create.error ?? copy.error ?? enable.error ?? disable.error ?? failed} />
      <Panel flush>
        <Table of={list} label={w.title} empty={w.none} onOpen={mayEdit || mayRead ? open : undefined}>
          <Column name={w.name} show={(q: QuestionnaireCard) => q.title || w.untitled} />
          <Column
            name={w.state}
            width={220}
            show={(q: QuestionnaireCard) => (
              <Row gap={4}>
                <StatusTag tone={tones[q.status]}>{w.status[q.status]}</StatusTag>
                {q.hasDraft && q.currentNumber !== null && <Tag tone="info">{w.hasDraft}</Tag>}
              </Row>
            )}
          />
          <Column
            name={w.version}
            width={100}
            show={(q: QuestionnaireCard) => (q.currentNumber === null ? null : w.versionNumber({ n: q.currentNumber }))}
          />
          <Column name={w.changed} width={160} show={(q: QuestionnaireCard) => formatMoment(q.updatedAt)} />
          <Column
            width={60}
            align="end"
            show={(q: QuestionnaireCard) => (
              <Menu
                label={`${q.title} …`}
                items={[
                  mayEdit && { key: 'edit', label: w.edit, icon: 'edit', onClick: () => go('surveys.edit', { id: q.id }) },
                  mayRead &&
                    q.currentVersionId !== null && {
                      key: 'results',
                      label: w.results,
                      icon: 'chart',
                      onClick: () => go('surveys.results', { id: q.id }),
                    },
                  mayEdit && {
                    key: 'copy',
                    label: w.copy,
                    icon: 'copy',
                    onClick: () => copy.send({ id: q.id, newId: newId(), title: w.copyTitle({ title: q.title }) }),
                  },
                  q.currentVersionId !== null && {
                    key: 'export',
                    label: w.export,
                    icon: 'download',
                    onClick: () => q.currentVersionId !== null && save(q.currentVersionId),
                  },
                  mayEdit && q.status === 'active' && { key: 'disable', label: w.disable, onClick: () => disable.send({ id: q.id }) },
                  mayEdit && q.status === 'disabled' && { key: 'enable', label: w.enable, onClick: () => enable.send({ id: q.id }) },
                ]}
              />
            )}
          />
        </Table>
      </Panel>
      {isImporting && (
        <ImportDialog onClose={() => setImporting(false)} onImported={(id) => go('surveys.edit', { id })} inspect={inspect} />
      )}
    </Page>
  )
}

const inspect = (definition: unknown) => call(surveysApi.inspect, { definition })
