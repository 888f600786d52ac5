import { useGo, useMe, useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Button, Description, Drawer, ErrorNote, Loaded, notify, Panel, Stack, undoBar, useLanguage } from '@renxin/ui'
import { surveysApi, type TemplateCard } from '../../contract.ts'
import { words } from '../../words.ts'
import { Preview } from '../builder/Preview.tsx'
import { Bases } from './Bases.tsx'
import { Taken } from './Taken.tsx'

const w = words.templates

/** One template: for whom it is, what it follows, how it looks, and what can be done with it. */
export function TemplateDrawer({ templateKey, onClose }: { templateKey: string; onClose: () => void }) {
  const at = useLanguage() === 'en' ? 1 : 0
  const template = useRead(surveysApi.template, { key: templateKey }, { keep: true })
  return (
    <Drawer
      title={template.data?.title[at] ?? w.title}
      size={720}
      onClose={onClose}
      footer={template.data && <Acts template={template.data} />}
    >
      <Loaded of={template}>
        {(t) => (
          <Stack>
            <Description
              columns={2}
              items={[
                { label: w.about, value: t.about, wide: true },
                { label: w.contents, value: w.counts({ questions: t.questions, filled: t.filled }) },
                { label: w.state, value: <Taken of={t} /> },
              ]}
            />
            <Bases bases={t.bases} />
            <Panel title={w.preview} note={words.builder.previewNote}>
              <Preview definition={t.definition} />
            </Panel>
          </Stack>
        )}
      </Loaded>
    </Drawer>
  )
}

function Acts({ template: { key, title, edition, taken } }: { template: TemplateCard }) {
  const go = useGo()
  const { may } = useMe()
  const mayEdit = may('surveys.edit')
  const take = useWrite(surveysApi.takeTemplate, { onSuccess: (q) => notify(w.taken({ title: q.title })) })
  const copy = useWrite(surveysApi.copy, { onSuccess: ({ id }) => go('surveys.edit', { id }) })
  const enable = useWrite(surveysApi.enable)
  const disable = useWrite(surveysApi.disable, {
    onSuccess: (q) => undoBar(words.builder.disabled({ title: q.title }), () => enable.send({ id: q.id })),
  })
  const questionnaire = useRead(surveysApi.questionnaire, { id: taken?.id ?? '' }, { enabled: taken !== null })
  const renew = useWrite(surveysApi.renewTemplate, {
    onSuccess: ({ id }) => {
      notify(w.renewed)
      go('surveys.edit', { id })
    },
  })
  const error = take.error ?? copy.error ?? enable.error ?? disable.error ?? renew.error
  if (!taken)
    return (
      <>
        <ErrorNote error={error} />
        {mayEdit && (
          <Button kind="primary" busy={take.isSending} onClick={() => take.send({ key, id: newId(), versionId: newId() })}>
            {w.take}
          </Button>
        )}
      </>
    )
  const { id } = taken
  const isOld = taken.edition !== null && taken.edition < edition
  return (
    <>
      <ErrorNote error={error} />
      {mayEdit && taken.status === 'active' && (
        <Button busy={disable.isSending} onClick={() => disable.send({ id })}>
          {w.disable}
        </Button>
      )}
      {mayEdit && taken.status === 'disabled' && (
        <Button busy={enable.isSending} onClick={() => enable.send({ id })}>
          {w.enable}
        </Button>
      )}
      {mayEdit && (
        <Button
          icon="copy"
          busy={copy.isSending}
          onClick={() => copy.send({ id, newId: newId(), title: words.builder.copyTitle({ title: title[0] }) })}
        >
          {w.takeCopy}
        </Button>
      )}
      {may('surveys.results') && <Button onClick={() => go('surveys.results', { id })}>{w.results}</Button>}
      {mayEdit && isOld && questionnaire.data && (
        <Button busy={renew.isSending} onClick={() => renew.send({ key, revision: questionnaire.data?.revision ?? 0 })}>
          {w.renew}
        </Button>
      )}
      {mayEdit && (
        <Button kind="primary" icon="edit" onClick={() => go('surveys.edit', { id })}>
          {w.edit}
        </Button>
      )}
    </>
  )
}
