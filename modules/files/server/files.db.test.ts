import { houseErrors, newId } from '@renxin/kernel'
import { openHttp } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { afterAll, expect, test } from 'vitest'
import { filesApi, MAX_FILE_BYTES } from '../contract.ts'
import { files, guardFiles } from './index.ts'

const [letter, secret, patientId] = [newId(), newId(), newId()]
guardFiles('tests.letter', async (_, id) => {
  if (id !== letter) throw houseErrors.notFound()
  return { patientId }
})
const house = await openHouse([files])
const clerk = house.who('files.read', 'files.attach')
const reader = house.who('files.read')
const http = await openHttp(house.house)
afterAll(() => http.close())

const attach = (fields: object = {}) => ({
  id: newId(),
  aboutKind: 'tests.letter',
  aboutId: letter,
  name: '来信.txt',
  base64: Buffer.from('感谢护士').toString('base64'),
  ...fields,
})

test('a file is attached once though it is sent twice, and comes back byte for byte', async () => {
  const file = attach()

  await clerk.call(filesApi.attach, file)
  const again = await clerk.call(filesApi.attach, file)

  expect(again).toMatchObject({ name: '来信.txt', type: 'txt', sizeBytes: 12, isOwn: true, patientId })
  expect((await reader.call(filesApi.list, { kind: 'tests.letter', id: letter })).rows.map((f) => f.id)).toEqual([file.id])
  const got = await reader.call(filesApi.download, { id: file.id })
  expect(got).toMatchObject({ name: '来信.txt', type: 'text/plain', body: Buffer.from('感谢护士') })
})

test('who reads or fetches a file leaves a trace with the patient', async () => {
  const file = await clerk.call(filesApi.attach, attach())

  await reader.call(filesApi.download, { id: file.id })

  const rows = await house.sql('select action from house.audit where patient_id = $1 and actor_id = $2 and object_id = $3', [
    patientId,
    reader.id,
    file.id,
  ])
  expect(rows).toEqual([{ action: 'files.download' }])
})

test('a file larger than 20 MB and a file of an unknown type are refused with the reason', async () => {
  const large = Buffer.alloc(MAX_FILE_BYTES + 1, 'a').toString('base64')

  await expect(clerk.call(filesApi.attach, attach({ base64: large }))).rejects.toMatchObject({
    code: 'files.tooLarge',
    megabytes: 21,
    limit: 20,
  })
  await expect(clerk.call(filesApi.attach, attach({ base64: 'TVoAAA==' }))).rejects.toMatchObject({ code: 'files.unknownType' })
})

test('who may not see the thing sees none of its files, and a thing nobody guards has none', async () => {
  await expect(clerk.call(filesApi.attach, attach({ aboutId: secret }))).rejects.toMatchObject({ code: 'house.notFound' })
  await expect(reader.call(filesApi.list, { kind: 'tests.unguarded', id: letter })).rejects.toMatchObject({ code: 'files.notFound' })
})

test('only who attached a file takes it away, and another hospital never sees it', async () => {
  const file = await clerk.call(filesApi.attach, attach())
  const colleague = house.who('files.attach')
  const stranger = await house.stranger('files.read')

  await expect(stranger.call(filesApi.download, { id: file.id })).rejects.toMatchObject({ code: 'files.notFound' })
  await expect(colleague.call(filesApi.remove, { id: file.id })).rejects.toMatchObject({ code: 'files.notYours' })
  await clerk.call(filesApi.remove, { id: file.id })
  await expect(reader.call(filesApi.download, { id: file.id })).rejects.toMatchObject({ code: 'files.notFound' })
})

test('over HTTP a body beyond the limit is refused before it is read', async () => {
  const response = await http.inject({
    method: 'POST',
    url: `/api/files/about/tests.letter/${letter}`,
    headers: { 'x-renxin': '1' },
    payload: { base64: 'a'.repeat(MAX_FILE_BYTES * 1.4) },
  })

  expect(response.json()).toMatchObject({ code: 'house.invalid', because: 'tooLarge' })
})
