import { useRead } from '@renxin/client'
import { CheckField, MultiSelectField, SelectField, Stack } from '@renxin/ui'
import { words } from '../words.ts'
import { FollowupsAs, followupsAs, writeBackApi } from '../write-back-contract.ts'
import type { FieldsProps } from './destination-fields.ts'

/** What a destination is told, and as what. */
export function TakesFields({ form, change }: FieldsProps) {
  const tags = useRead(writeBackApi.flagTags, {})
  return (
    <>
      <Stack gap={4}>
        <CheckField
          label={words.takesWhat.followups}
          value={form.takesFollowups}
          onChange={(takesFollowups) => change({ takesFollowups })}
        />
        <CheckField
          label={words.takesWhat.complaints}
          value={form.takesComplaints}
          onChange={(takesComplaints) => change({ takesComplaints })}
        />
        <CheckField label={words.takesWhat.phones} value={form.takesPhones} onChange={(takesPhones) => change({ takesPhones })} />
        <CheckField
          label={words.takesWhat.complaintFlag}
          value={form.takesComplaintFlag}
          onChange={(takesComplaintFlag) => change({ takesComplaintFlag })}
        />
      </Stack>
      <Stack gap={12}>
        {form.takesFollowups && form.way !== 'table' && (
          <SelectField
            label={words.followupsAs}
            required
            value={form.followupsAs}
            onChange={(value) => change({ followupsAs: FollowupsAs.catch(form.followupsAs).parse(value) })}
            options={followupsAs[form.way].map((value) => ({ value, label: words.followupsAsWord[value] }))}
          />
        )}
        <MultiSelectField
          label={words.flagTags}
          hint={words.flagTagsHint}
          value={form.flagTags}
          onChange={(flagTags) => change({ flagTags })}
          options={(tags.data?.rows ?? []).map((t) => ({ value: t.id, label: t.name }))}
        />
      </Stack>
    </>
  )
}
