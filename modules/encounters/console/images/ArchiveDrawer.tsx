import { useUnsaved, useWrite } from '@renxin/client'
import { type Ask, newId } from '@renxin/kernel'
import {
  Banner,
  Button,
  CheckField,
  Choice,
  Confirm,
  Drawer,
  ErrorNote,
  Form,
  houseWords,
  NumberField,
  notify,
  Stack,
  TextField,
} from '@renxin/ui'
import { useState } from 'react'
import { type ArchiveAnswer, type ImageArchive, imagesApi } from '../../images-contract.ts'
import { words } from '../../words.ts'

type Fields = Omit<ImageArchive, 'id' | 'hasAuthSecret' | 'hasTokenSecret'> & { authSecret: string; tokenSecret: string }

const empty: Fields = {
  name: '',
  qidoUrl: '',
  viewerUrl: '',
  auth: 'none',
  authUser: '',
  authSecret: '',
  tokenSecret: '',
  tokenSeconds: 300,
  isActive: true,
}

function fieldsOf(archive: ImageArchive | undefined): Fields {
  if (!archive) return empty
  const { id, hasAuthSecret, hasTokenSecret, ...fields } = archive
  return { ...fields, authSecret: '', tokenSecret: '' }
}

/** A secret that was not typed is not sent: it stays as it is. */
function said(id: string, { authSecret, tokenSecret, ...fields }: Fields): Ask<typeof imagesApi.saveArchive> {
  return { id, ...fields, ...(authSecret && { authSecret }), ...(tokenSecret && { tokenSecret }) }
}

/** One archive: where it is asked, where its viewer stands, by which key links are signed. */
export function ArchiveDrawer({ archive, onClose }: { archive: ImageArchive | undefined; onClose: () => void }) {
  const [id] = useState(() => archive?.id ?? newId())
  const before = fieldsOf(archive)
  const [form, setForm] = useState(before)
  const [isRemoving, setRemoving] = useState(false)
  const w = words.records.archives
  const save = useWrite(imagesApi.saveArchive, {
    onSuccess: () => {
      notify(w.saved)
      onClose()
    },
  })
  const remove = useWrite(imagesApi.removeArchive, { onSuccess: onClose })
  const unsaved = useUnsaved(JSON.stringify(form) !== JSON.stringify(before) && !save.isSending)
  const isReady = imagesApi.saveArchive.input.safeParse(said(id, form)).success
  const submit = () => isReady && save.send(said(id, form))
  return (
    <Drawer
      title={archive ? w.edit({ name: archive.name }) : w.new}
      onClose={onClose}
      extra={
        archive && (
          <Button kind="quiet" size="small" icon="trash" onClick={() => setRemoving(true)}>
            {w.remove}
          </Button>
        )
      }
      footer={
        <Button kind="primary" busy={save.isSending} disabled={!isReady} onClick={submit} keys="Ctrl+Enter">
          {houseWords.save}
        </Button>
      }
    >
      {unsaved}
      <Stack gap={16}>
        <Form onSubmit={submit} write={save}>
          <ArchiveFields form={form} archive={archive} change={(part) => setForm({ ...form, ...part })} />
        </Form>
        <Testing key={JSON.stringify(form)} id={archive?.id} form={form} />
      </Stack>
      {archive && isRemoving && (
        <Confirm
          title={w.removeTitle({ name: archive.name })}
          verb={w.remove}
          danger
          busy={remove.isSending}
          error={remove.error}
          onConfirm={() => remove.send({ id: archive.id })}
          onCancel={() => setRemoving(false)}
        >
          {w.removeText}
        </Confirm>
      )}
    </Drawer>
  )
}

type FieldsProps = { form: Fields; archive: ImageArchive | undefined; change: (part: Partial<Fields>) => void }

function ArchiveFields({ form, archive, change }: FieldsProps) {
  const w = words.records.archives
  const kept = (isKept: boolean | undefined) => (isKept ? w.secretKept : undefined)
  return (
    <>
      <TextField label={w.name} required maxLength={100} value={form.name} onChange={(name) => change({ name })} />
      <TextField
        label={w.qidoUrl}
        hint={w.qidoHint}
        required
        maxLength={500}
        value={form.qidoUrl}
        onChange={(qidoUrl) => change({ qidoUrl })}
      />
      <Choice
        label={w.auth}
        value={form.auth}
        onChange={(auth) => change({ auth })}
        options={(['none', 'basic', 'bearer'] as const).map((value) => ({ value, label: w.auths[value] }))}
      />
      {form.auth === 'basic' && (
        <TextField label={w.authUser} maxLength={100} value={form.authUser} onChange={(authUser) => change({ authUser })} />
      )}
      {form.auth !== 'none' && (
        <TextField
          label={w.authSecret}
          hint={kept(archive?.hasAuthSecret)}
          type="password"
          maxLength={1000}
          value={form.authSecret}
          onChange={(authSecret) => change({ authSecret })}
        />
      )}
      <TextField
        label={w.viewerUrl}
        hint={w.viewerHint}
        required
        maxLength={1000}
        value={form.viewerUrl}
        onChange={(viewerUrl) => change({ viewerUrl })}
      />
      <TextField
        label={w.tokenSecret}
        hint={kept(archive?.hasTokenSecret) ?? w.tokenHint}
        type="password"
        maxLength={1000}
        value={form.tokenSecret}
        onChange={(tokenSecret) => change({ tokenSecret })}
      />
      <NumberField
        label={w.tokenSeconds}
        min={30}
        max={3600}
        value={form.tokenSeconds}
        onChange={(seconds) => change({ tokenSeconds: seconds ?? 300 })}
      />
      <CheckField label={w.isActive} value={form.isActive} onChange={(isActive) => change({ isActive })} />
    </>
  )
}

/** Tries the address as it stands in the form. */
function Testing({ id, form: { qidoUrl, auth, authUser, authSecret } }: { id: string | undefined; form: Fields }) {
  const [answer, setAnswer] = useState<ArchiveAnswer>()
  const test = useWrite(imagesApi.testArchive, { onSuccess: setAnswer })
  const asked = { ...(id && { id }), qidoUrl, auth, authUser, ...(authSecret && { authSecret }) }
  const isReady = imagesApi.testArchive.input.safeParse(asked).success
  return (
    <div>
      <Button icon="network" busy={test.isSending} disabled={!isReady} onClick={() => test.send(asked)}>
        {words.records.archives.test}
      </Button>
      <div aria-live="polite">
        {answer && <Banner tone={answer.outcome === 'answered' ? 'success' : 'danger'}>{sentenceOf(answer)}</Banner>}
      </div>
      <ErrorNote error={test.error} text={words.of(test.error)} />
    </div>
  )
}

function sentenceOf({ outcome, milliseconds: ms, status }: ArchiveAnswer): string {
  const say = words.records.archives.answer
  if (outcome === 'answered') return say.answered({ ms })
  if (outcome === 'unauthorized' || outcome === 'notDicomweb') return say[outcome]({ status: status ?? '' })
  return say[outcome]
}
