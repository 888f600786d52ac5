import { useWrite } from '@renxin/client'
import {
  Banner,
  Button,
  Column,
  ErrorNote,
  MomentField,
  MultiSelectField,
  NumberField,
  Panel,
  Row,
  SelectField,
  Stack,
  Table,
  Toolbar,
  useKeys,
} from '@renxin/ui'
import { useState } from 'react'
import { type ImportFile, importsApi, type SourceColumn } from '../../imports-contract.ts'
import { words } from '../../words.ts'
import { Discard } from './Discard.tsx'
import { fieldLabel } from './phrases.tsx'

const w = words.imports

/** The second step: where the table stands, and what each column says. */
export function ColumnsStep({ file }: { file: ImportFile }) {
  const [fields, setFields] = useState(() => file.columns.map((c) => c.fields))
  const set = useWrite(importsApi.setColumns)
  const check = useWrite(importsApi.check)
  const choose = (index: number, chosen: string[]) => {
    // What was said by another column before is said by this one from now on.
    const next = fields.map((names, i) =>
      i === index ? chosen : names.filter((n) => !chosen.includes(n) || (fields[index] ?? []).includes(n)),
    )
    setFields(next)
    set.send({ id: file.id, fields: next })
  }
  const options = [...file.fields, ...file.ownFields.map((o) => o.name)].map((value) => ({
    value,
    label: fieldLabel(value, file.ownFields),
  }))
  const error = set.error ?? check.error
  const start = () => {
    if (file.missing.length === 0 && !set.isSending) check.send({ id: file.id })
  }
  useKeys({ 'Ctrl+Enter': start })
  return (
    <Stack gap={16}>
      {file.isRemembered && <Banner>{w.remembered}</Banner>}
      {file.missing.length > 0 && (
        <Banner tone="warning">{w.missingColumns({ fields: file.missing.map((f) => fieldLabel(f)).join('、') })}</Banner>
      )}
      <Toolbar label={w.steps.columns}>
        {file.sheets.length > 1 && (
          <SelectField
            label={w.sheet}
            required
            value={file.sheet}
            onChange={(sheet) => sheet !== null && set.send({ id: file.id, sheet })}
            options={file.sheets.map((value) => ({ value, label: value }))}
          />
        )}
        <NumberField
          label={w.headRow}
          hint={w.headRowHint}
          min={0}
          max={1000}
          value={file.headRow}
          onChange={(headRow) => headRow !== null && headRow !== file.headRow && set.send({ id: file.id, headRow })}
        />
        {file.kind === 'encounters' && (
          <SelectField
            label={w.visitClass}
            hint={w.visitClassHint}
            placeholder={w.unknownClass}
            value={file.visitClass}
            onChange={(visitClass) => set.send({ id: file.id, visitClass: visitClass as keyof typeof w.visitClasses | null })} // the options are its values
            options={Object.entries(w.visitClasses).map(([value, label]) => ({ value, label }))}
          />
        )}
        <MomentField
          label={w.saidAt}
          hint={w.saidAtHint}
          value={file.saidAt}
          onChange={(saidAt) => saidAt && set.send({ id: file.id, saidAt })}
        />
      </Toolbar>
      <Panel flush title={w.steps.columns} note={file.charset ? w.charset({ charset: file.charset.toUpperCase() }) : undefined}>
        <Table of={file.columns} label={w.steps.columns} rowKey={(c: SourceColumn) => String(c.index)} plain>
          <Column name={w.columnName} show={(c: SourceColumn) => c.head} width={220} />
          <Column name={w.samples} show={(c: SourceColumn) => <span className="rx-note">{c.samples.join('　')}</span>} />
          <Column
            name={w.readAs}
            width={320}
            show={(c: SourceColumn) => (
              <MultiSelectField
                label={`${w.readAs} ${c.head}`}
                hideLabel
                placeholder={w.notUsed}
                value={fields[c.index] ?? []}
                onChange={(chosen) => choose(c.index, chosen)}
                options={options}
              />
            )}
          />
        </Table>
      </Panel>
      <ErrorNote error={error} text={words.of(error)} />
      <Row>
        <Button kind="primary" busy={check.isSending || set.isSending} disabled={file.missing.length > 0} onClick={start} keys="Ctrl+Enter">
          {w.startCheck}
        </Button>
        <Discard id={file.id} />
      </Row>
    </Stack>
  )
}
