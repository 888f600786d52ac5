import { useMe, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Button, Column, Dialog, Form, houseWords, Menu, notify, Panel, Row, SelectField, Table, Tag, TextField, undoBar } from '@renxin/ui'
import { useState } from 'react'
import { type Contact, cleanPhone, type PatientFile, patientsApi, Relation } from '../contract.ts'
import { words } from '../words.ts'
import { RevealPhone } from './Reveal.tsx'

/** The numbers at which a patient and the family are reached. */
export function ContactsPanel({ file }: { file: PatientFile }) {
  const { may } = useMe()
  const [edited, setEdited] = useState<Contact | 'new'>()
  const change = useWrite(patientsApi.changeContact, { onError: (problem) => notify(words.of(problem) ?? '', { tone: 'danger' }) })
  const setVoid = (contact: Contact, isVoid: boolean) => {
    change.send({ contactId: contact.id, isVoid })
    if (isVoid) undoBar(words.voided, () => change.send({ contactId: contact.id, isVoid: false }))
  }
  const mayEdit = may('patients.edit')
  return (
    <Panel
      title={words.contacts}
      flush
      actions={
        mayEdit && (
          <Button size="small" icon="add" onClick={() => setEdited('new')}>
            {words.addContact}
          </Button>
        )
      }
    >
      <Table of={file.contacts} label={words.contacts} empty={words.noContacts} maxHeight={360}>
        <Column name={words.relationTitle} show={(c: Contact) => words.relation[c.relation]} />
        <Column name={words.contactName} show={(c: Contact) => c.name ?? houseWords.none} />
        <Column name={words.phone} show={(c: Contact) => <RevealPhone contactId={c.id} masked={c.masked} />} />
        <Column name={words.kind} show={(c: Contact) => words.phoneKind[c.kind]} />
        <Column name={words.sourceTitle} show={(c: Contact) => <Marks contact={c} />} />
        {mayEdit && (
          <Column
            show={(c: Contact) => (
              <Menu
                label={`${houseWords.more} ${c.masked}`}
                items={[
                  !c.isPreferred && {
                    key: 'prefer',
                    icon: 'star',
                    label: words.prefer,
                    onClick: () => change.send({ contactId: c.id, isPreferred: true }),
                  },
                  { key: 'edit', icon: 'edit', label: words.editContact, onClick: () => setEdited(c) },
                  {
                    key: 'void',
                    icon: c.isVoid ? 'undo' : 'stop',
                    label: c.isVoid ? words.unmarkVoid : words.markVoid,
                    onClick: () => setVoid(c, !c.isVoid),
                  },
                ]}
              />
            )}
          />
        )}
      </Table>
      {edited && <ContactDialog patientId={file.id} contact={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </Panel>
  )
}

function Marks({ contact }: { contact: Contact }) {
  return (
    <Row gap={4}>
      <span>{words.source[contact.source]}</span>
      {contact.isPreferred && <Tag tone="primary">{words.preferred}</Tag>}
      {contact.isVoid && <Tag tone="warning">{words.isVoid}</Tag>}
      {contact.isFormer && <Tag>{words.isFormer}</Tag>}
    </Row>
  )
}

function ContactDialog({ patientId, contact, onClose }: { patientId: string; contact?: Contact | undefined; onClose: () => void }) {
  const { may } = useMe()
  const [id] = useState(newId)
  const [number, setNumber] = useState('')
  const [relation, setRelation] = useState<Relation>(contact?.relation ?? 'self')
  const mayName = !contact || may('patients.names') // a masked name must not be saved over the whole one
  const [name, setName] = useState(contact?.name ?? '')
  const [isTried, setTried] = useState(false)
  const add = useWrite(patientsApi.addContact, { onSuccess: onClose })
  const change = useWrite(patientsApi.changeContact, { onSuccess: onClose })
  const phone = cleanPhone(number)
  const wrong = number.trim() === '' ? houseWords.pleaseFill : phone?.mayContact ? undefined : words.errors.badPhone
  const save = () => {
    setTried(true)
    if (contact) change.send({ contactId: contact.id, relation, ...(mayName ? { name: name.trim() || null } : {}) })
    else if (!wrong) add.send({ id, patientId, number, relation, name: name.trim() || null })
  }
  const error = add.error ?? change.error
  return (
    <Dialog title={contact ? words.editContact : words.addContact} onClose={onClose}>
      <Form onSubmit={save} write={{ error, isSending: add.isSending || change.isSending }} verb={houseWords.save} onCancel={onClose}>
        {contact ? (
          <p>{contact.masked}</p>
        ) : (
          <TextField
            label={words.phone}
            type="tel"
            required
            autoFocus
            value={number}
            onChange={setNumber}
            error={isTried ? wrong : undefined}
          />
        )}
        <SelectField<Relation>
          label={words.relationTitle}
          required
          value={relation}
          onChange={(r) => setRelation(r ?? 'self')}
          options={Relation.options.map((r) => ({ value: r, label: words.relation[r] }))}
        />
        {mayName && <TextField label={words.contactName} value={name} onChange={setName} maxLength={60} />}
      </Form>
    </Dialog>
  )
}
