import { NumberField, SelectField, TextField } from '@renxin/ui'
import { words } from '../words.ts'
import { auths } from '../write-back-contract.ts'
import type { FieldsProps } from './destination-fields.ts'

/** How a destination is reached: a host and port, the address of a FHIR server, or the role that reads the view. */
export function PlaceFields({ form, change, hasSecret }: FieldsProps & { hasSecret: boolean }) {
  if (form.way === 'fhir') return <FhirFields form={form} change={change} hasSecret={hasSecret} />
  if (form.way === 'table')
    return (
      <TextField
        label={words.readerRole}
        hint={words.readerRoleHint}
        required
        maxLength={63}
        value={form.readerRole ?? ''}
        onChange={(readerRole) => change({ readerRole })}
      />
    )
  return (
    <>
      <TextField
        label={words.host}
        hint={words.hostHint}
        required
        maxLength={200}
        value={form.host ?? ''}
        onChange={(host) => change({ host })}
      />
      <NumberField label={words.port} required max={65_535} value={form.port} onChange={(port) => change({ port })} />
      <TextField label={words.toApplication} maxLength={100} value={form.application} onChange={(application) => change({ application })} />
      <TextField label={words.toFacility} maxLength={100} value={form.facility} onChange={(facility) => change({ facility })} />
      <SelectField
        label={words.charset}
        required
        value={form.charset}
        onChange={(value) => change({ charset: value ?? 'utf-8' })}
        options={(['utf-8', 'gb18030'] as const).map((value) => ({ value, label: words.charsets[value] }))}
      />
    </>
  )
}

function FhirFields({ form, change, hasSecret }: FieldsProps & { hasSecret: boolean }) {
  const isWrong = form.baseUrl !== null && form.baseUrl !== '' && (!/^https?:\/\//.test(form.baseUrl) || /[?#]/.test(form.baseUrl))
  const secretHint = hasSecret && form.authSecret === '' ? words.secretKept : undefined
  return (
    <>
      <TextField
        label={words.baseUrl}
        hint={words.baseUrlHint}
        required
        maxLength={500}
        error={isWrong ? words.badBaseUrl : undefined}
        value={form.baseUrl ?? ''}
        onChange={(baseUrl) => change({ baseUrl })}
      />
      <TextField
        label={words.identifierSystem}
        hint={words.identifierSystemHint}
        maxLength={200}
        value={form.identifierSystem}
        onChange={(identifierSystem) => change({ identifierSystem })}
      />
      <SelectField
        label={words.auth}
        required
        value={form.auth}
        onChange={(auth) => change({ auth: auth ?? 'none' })}
        options={auths.map((value) => ({ value, label: words.auths[value] }))}
      />
      {form.auth === 'basic' && (
        <TextField
          label={words.authUser}
          required
          maxLength={200}
          autoComplete="off"
          value={form.authUser}
          onChange={(authUser) => change({ authUser })}
        />
      )}
      {form.auth !== 'none' && (
        <TextField
          label={form.auth === 'bearer' ? words.token : words.password}
          hint={secretHint}
          type="password"
          autoComplete="new-password"
          maxLength={4000}
          value={form.authSecret}
          onChange={(authSecret) => change({ authSecret })}
        />
      )}
    </>
  )
}
