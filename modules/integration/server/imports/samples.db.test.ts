import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type ImportKind, importsApi } from '../../imports-contract.ts'
import { integration } from '../index.ts'
import { workOnce } from './loop.ts'

/** The folder of public sample files. It is not part of this repository. */
const samples = process.env.RENXIN_SAMPLES
const isThere = samples !== undefined && existsSync(join(samples, 'hl7/zh-composed/file-drop-expected.json'))

if (!isThere) test('the sample files are taken as they should be', (t) => t.skip('RENXIN_SAMPLES names no folder with hl7/zh-composed'))

describe.runIf(isThere)('the sample files', async () => {
  const house = await openHouse([staff, files, patients, encounters, integration], { now: '2025-11-20T09:00+08:00' })
  const engineer = house.who('integration.import')
  const work = async () => {
    while (await workOnce(house.house, house.hospitalId));
  }
  async function run(kind: ImportKind, path: string, more: { fields?: string[][] } = {}) {
    const id = newId()
    await engineer.call(importsApi.upload, { id, kind, name: path, base64: readFileSync(join(samples ?? '', path)).toString('base64') })
    if (more.fields) await engineer.call(importsApi.setColumns, { id, fields: more.fields })
    await engineer.call(importsApi.check, { id })
    await work()
    await engineer.call(importsApi.applyImport, { id })
    await work()
    return id
  }
  const resultOf = (id: string) => engineer.call(importsApi.importFile, { id })
  const Expected = z.object({
    rows_in_file: z.int(),
    accepted: z.int(),
    duplicates: z.int(),
    to_review: z.array(z.object({ mrn: z.string() })),
    not_a_patient_row: z.array(z.string()),
  })

  test.each(['utf8bom', 'gb18030'])('a nightly list of discharges in %s is taken as its makers expect', async (charset) => {
    const said = Expected.parse(JSON.parse(readFileSync(join(samples ?? '', 'hl7/zh-composed/file-drop-expected.json'), 'utf8')))
    const id = await run('encounters', `hl7/zh-composed/file-drop-discharges-${charset}.csv`)

    const { counts, rows } = await resultOf(id)
    const list = (await engineer.call(importsApi.importRows, { id })).rows
    expect(rows).toBe(said.rows_in_file)
    expect(list.filter((r) => r.problems.some((p) => p.code === 'repeated'))).toHaveLength(said.duplicates)
    expect((counts?.new ?? 0) + (counts?.changed ?? 0) + (counts?.unchanged ?? 0)).toBe(said.accepted + said.duplicates)
    expect(list.filter((r) => r.result === 'failed').map((r) => r.cells[0])).toEqual(said.to_review.map((t) => t.mrn))
    expect(list.filter((r) => r.skip === 'total').map((r) => r.cells[0])).toEqual(said.not_a_patient_row)
    expect(await house.sql('select number, class, status, bed from encounters.cards order by number')).toEqual([
      { number: 'H0000201', class: 'inpatient', status: 'discharged', bed: '12' },
      { number: 'H0000202', class: 'inpatient', status: 'discharged', bed: '+3' },
    ])
  })

  test('the persons and visits of a foreign population are taken, and again without any change', async () => {
    const patientHeads =
      readFileSync(join(samples ?? '', 'fhir/synthea-csv/patients.csv'), 'utf8')
        .split('\n')[0]
        ?.trim()
        .split(',') ?? []
    const fieldOf: Record<string, string[]> = {
      Id: ['patientIndex'],
      BIRTHDATE: ['birthOn'],
      LAST: ['name'],
      GENDER: ['sex'],
      ADDRESS: ['address'],
    }
    const id = await run('patients', 'fhir/synthea-csv/patients.csv', { fields: patientHeads.map((h) => fieldOf[h] ?? []) })
    const first = await resultOf(id)
    expect(first.counts).toMatchObject({ failed: 0, skipped: 0 })
    expect(first.counts?.new).toBe(first.rows)
    expect(first.rows).toBeGreaterThanOrEqual(10)

    house.advance({ minutes: 1 })
    const again = await resultOf(await run('patients', 'fhir/synthea-csv/patients.csv'))
    expect(again.isRemembered).toBe(true)
    expect(again.counts).toMatchObject({ unchanged: first.rows })
  })
})
