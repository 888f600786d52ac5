import { useGo, useMe, useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Button, Choice, DateField, Dialog, Form, houseWords, SelectField, TextField, today } from '@renxin/ui'
import { useState } from 'react'
import { checkIdentityCard, cleanPhone, listsApi, type PatientFile, patientsApi, Sex } from '../contract.ts'
import { words } from '../words.ts'
import { classOptionsOf } from './class-options.ts'

const cardError = (text: string) => {
  const { number, isValid } = checkIdentityCard(text)
  return /^\d{14,17}[\dX]?$/.test(number) && !isValid ? words.errors.badIdentityCard : undefined
}

function Sexes({ value, onChange }: { value: Sex; onChange: (sex: Sex) => void }) {
  return (
    <Choice<Sex>
      label={words.sex}
      value={value}
      onChange={(s) => onChange(s ?? 'unknown')}
      options={Sex.options.map((s) => ({ value: s, label: houseWords.sex[s] }))}
    />
  )
}

function Actions({ busy, verb = houseWords.save, onClose }: { busy: boolean; verb?: string; onClose: () => void }) {
  return (
    <>
      <Button onClick={onClose}>{houseWords.cancel}</Button>
      <Button kind="primary" type="submit" busy={busy}>
        {verb}
      </Button>
    </>
  )
}

/** Corrects what is known of a person. What is masked is only replaced, never edited: an empty field keeps it. */
export function EditPatient({ file, onClose }: { file: PatientFile; onClose: () => void }) {
  const { may } = useMe()
  const mayName = may('patients.names')
  const [name, setName] = useState(file.name)
  const [sex, setSex] = useState<Sex>(file.sex)
  const [birthOn, setBirthOn] = useState(file.birthOn)
  const [card, setCard] = useState('')
  const [address, setAddress] = useState('')
  const [payer, setPayer] = useState(file.payer ?? '')
  const [identityClass, setIdentityClass] = useState(file.identityClass)
  const choices = useRead(listsApi.choices, {})
  const change = useWrite(patientsApi.change, { onSuccess: onClose })
  const save = () => {
    if (cardError(card) || (mayName && name.trim() === '')) return
    change.send({
      patientId: file.id,
      ...(mayName && name.trim() !== file.name ? { name: name.trim() } : {}),
      ...(sex !== file.sex ? { sex } : {}),
      ...(birthOn !== file.birthOn ? { birthOn } : {}),
      ...(card.trim() ? { identityCard: card.trim() } : {}),
      ...(address.trim() ? { address: address.trim() } : {}),
      ...(payer !== (file.payer ?? '') ? { payer: payer.trim() || null } : {}),
      ...(identityClass !== file.identityClass ? { identityClass } : {}),
    })
  }
  return (
    <Dialog title={words.edit} onClose={onClose} size={640}>
      <Form columns={2} onSubmit={save} write={change} actions={<Actions busy={change.isSending} onClose={onClose} />}>
        {mayName && (
          <TextField
            label={words.name}
            required
            value={name}
            onChange={setName}
            maxLength={60}
            error={name.trim() === '' ? houseWords.pleaseFill : undefined}
          />
        )}
        <Sexes value={sex} onChange={setSex} />
        <DateField label={words.birthOn} value={birthOn} onChange={setBirthOn} max={today()} />
        <TextField
          label={words.identityCard}
          value={card}
          onChange={setCard}
          placeholder={file.identityCard ?? ''}
          error={cardError(card)}
        />
        <TextField label={words.address} value={address} onChange={setAddress} placeholder={file.address ?? ''} maxLength={200} />
        <TextField label={words.payer} value={payer} onChange={setPayer} maxLength={60} />
        <SelectField
          label={words.identityClass}
          value={identityClass}
          onChange={setIdentityClass}
          loading={choices.isLoading}
          options={classOptionsOf(choices.data?.identityClasses ?? [], file.identityClass)}
        />
      </Form>
    </Dialog>
  )
}

/** Enters a person whom the hospital's system does not know. */
export function RegisterPatient({ onClose }: { onClose: () => void }) {
  const go = useGo()
  const [id] = useState(newId)
  const [name, setName] = useState('')
  const [sex, setSex] = useState<Sex>('unknown')
  const [birthOn, setBirthOn] = useState<string | null>(null)
  const [card, setCard] = useState('')
  const [phone, setPhone] = useState('')
  const [record, setRecord] = useState('')
  const [isTried, setTried] = useState(false)
  const register = useWrite(patientsApi.register, { onSuccess: (made) => go('patients.file', { id: made.id }) })
  const phoneError = phone.trim() !== '' && !cleanPhone(phone)?.mayContact ? words.errors.badPhone : undefined
  const save = () => {
    setTried(true)
    if (name.trim() === '' || cardError(card) || phoneError) return
    register.send({
      id,
      name: name.trim(),
      ...(sex === 'unknown' ? {} : { sex }),
      birthOn,
      identityCard: card.trim() || null,
      phone: phone.trim() || null,
      medicalRecordNumber: record.trim() || null,
    })
  }
  return (
    <Dialog title={words.register} onClose={onClose} size={640}>
      <p className="rx-note">{words.registerHint}</p>
      <Form
        columns={2}
        onSubmit={save}
        write={register}
        actions={<Actions busy={register.isSending} verb={words.register} onClose={onClose} />}
      >
        <TextField
          label={words.name}
          required
          autoFocus
          value={name}
          onChange={setName}
          maxLength={60}
          error={isTried && name.trim() === '' ? houseWords.pleaseFill : undefined}
        />
        <Sexes value={sex} onChange={setSex} />
        <DateField label={words.birthOn} value={birthOn} onChange={setBirthOn} max={today()} />
        <TextField label={words.identityCard} value={card} onChange={setCard} error={cardError(card)} />
        <TextField label={words.phone} type="tel" value={phone} onChange={setPhone} error={isTried ? phoneError : undefined} />
        <TextField label={words.medicalRecordNumber} value={record} onChange={setRecord} maxLength={40} />
      </Form>
    </Dialog>
  )
}
