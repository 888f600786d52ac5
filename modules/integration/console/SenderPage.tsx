import { GoLink, useParams, useRead, useUnsaved, useUrlState, useWrite } from '@renxin/client'
import { Button, Columns, ErrorNote, Loaded, notify, Page, Panel, Stack, Tabs, TextArea } from '@renxin/ui'
import { useState } from 'react'
import { integrationApi, MappingProblem, Profile, type Sender } from '../contract.ts'
import { words } from '../words.ts'
import { ReplayAll } from './Causes.tsx'
import { problemText } from './Explained.tsx'
import { senderWord } from './phrases.tsx'
import { codesWritten, isSame } from './profile.ts'
import { SenderCodes } from './SenderCodes.tsx'
import { SenderPlaces } from './SenderPlaces.tsx'
import { type Tried, TryMessage } from './SenderTry.tsx'
import { UnmappedCodes } from './UnmappedCodes.tsx'

/** How the messages of one sender are read: where each thing stands, what its codes mean, and what a message says by that. */
export function SenderPage() {
  const { id = '' } = useParams()
  const senders = useRead(integrationApi.senders, {})
  const sender = senders.data?.rows.find((s) => s.id === id)
  if (sender) return <Mapping key={sender.id} sender={sender} />
  return (
    <Page title={words.mapping}>
      <Loaded of={senders}>{() => <p>{words.noSender}</p>}</Loaded>
    </Page>
  )
}

function Mapping({ sender }: { sender: Sender }) {
  const [profile, setProfile] = useState<Profile>(sender.mapping)
  const [tried, setTried] = useState<Tried>()
  const save = useWrite(integrationApi.saveSender, { onSuccess: () => notify(words.saved) })
  const isChanged = !isSame(profile, sender.mapping)
  const unsaved = useUnsaved(isChanged && !save.isSending)
  const problems = problemsOf(save.error)
  const { id, name, charset, zone, replyMode, isActive } = sender
  const submit = () => save.send({ id, name, charset, zone, replyMode, isActive, mapping: profile })
  return (
    <Page
      title={words.mapping}
      note={`${senderWord(sender.name)} · ${words.mappingNote}`}
      back={<GoLink to="integration.senders">{words.sendersTitle}</GoLink>}
      actions={
        <>
          {!isChanged && <ReplayAll cause="notes" sender={{ id, name: senderWord(name) }} verb={words.replayNotes} />}
          <Button kind="primary" busy={save.isSending} disabled={!isChanged} onClick={submit} keys="Ctrl+Enter">
            {words.save}
          </Button>
        </>
      }
    >
      {unsaved}
      {save.error && <ErrorNote error={save.error} text={[words.of(save.error), ...problems.map(problemText)].join(' ')} />}
      <Columns sizes="minmax(0, 1fr) minmax(0, 460px)">
        <Form profile={profile} onChange={setProfile} tried={tried} problems={problems} />
        <Stack>
          <UnmappedCodes senderId={sender.id} profile={profile} onChange={setProfile} />
          <TryMessage profile={profile} onTried={setTried} />
        </Stack>
      </Columns>
    </Page>
  )
}

type FormProps = { profile: Profile; onChange: (profile: Profile) => void; tried: Tried | undefined; problems: readonly MappingProblem[] }

function Form({ profile, onChange, tried, problems }: FormProps) {
  const [{ tab }, setState] = useUrlState({ tab: 'places' })
  return (
    <Panel>
      <Tabs
        label={words.mapping}
        value={tab}
        onChange={(key) => setState({ tab: key })}
        tabs={[
          { key: 'places', label: words.placesTab, content: <SenderPlaces {...{ profile, onChange, tried, problems }} /> },
          {
            key: 'codes',
            label: words.codesTab,
            badge: codesWritten(profile) || undefined,
            content: <SenderCodes profile={profile} onChange={onChange} />,
          },
          { key: 'text', label: words.textTab, content: <ProfileText profile={profile} onChange={onChange} /> },
        ]}
      />
    </Panel>
  )
}

/** The whole as one text, to take it to another hospital or bring it from there. */
function ProfileText({ profile, onChange }: Pick<FormProps, 'profile' | 'onChange'>) {
  const [text, setText] = useState(() => JSON.stringify(profile, null, 2))
  const [why, setWhy] = useState<string>()
  const change = (typed: string) => {
    setText(typed)
    try {
      const read = Profile.safeParse(JSON.parse(typed))
      setWhy(read.success ? undefined : '{ … }')
      if (read.success) onChange(read.data)
    } catch (error) {
      setWhy(error instanceof Error ? error.message : '')
    }
  }
  return (
    <TextArea
      label={words.textTab}
      hint={words.textHint}
      rows={24}
      value={text}
      onChange={change}
      error={why === undefined ? undefined : words.notJson({ why })}
    />
  )
}

/** What the server found wrong with the mapping. */
function problemsOf(error: { details?: unknown } | null): MappingProblem[] {
  const details = error && 'details' in error ? error.details : undefined
  const problems = typeof details === 'object' && details !== null && 'problems' in details ? details.problems : undefined
  return MappingProblem.array().safeParse(problems).data ?? []
}
