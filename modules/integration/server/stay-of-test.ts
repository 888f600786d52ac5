import { encodeMessage, repeat, type SegmentIn } from '@renxin/hl7'

export type Said = {
  event: string
  sentAt: string
  controlId?: string
  record?: string
  name?: string
  phone?: string
  visit?: string | undefined
  ward?: string
  bed?: string
  nursing?: string
  discharge?: string
  application?: string
  facility?: string
  merged?: string
  priorVisit?: string
  kin?: string
  acks?: [string, string]
}

let count = 0

/** A message of an imaginary stay, as an imaginary HIS would write it. */
export function messageOf(said: Said): string {
  count += 1
  const {
    event,
    sentAt,
    controlId = `T${count}`,
    record = 'R1',
    name = '钱多多',
    phone = '13900000111',
    visit,
    ward,
    bed,
    nursing,
    discharge,
  } = said
  const [accept, application] = said.acks ?? []
  const segments: (SegmentIn | false)[] = [
    [
      'MSH',
      said.application ?? 'HIS',
      said.facility ?? '甲院',
      'CRM',
      '',
      sentAt,
      '',
      ['ADT', event],
      controlId,
      'P',
      '2.5',
      '',
      '',
      accept,
      application,
      '',
      'UNICODE UTF-8',
    ],
    ['EVN', 'A01', sentAt], // EVN-1 is copied wrong, as it often is
    ['PID', '1', '', repeat([[record, '', '', 'HIS', 'MR']]), '', name, '', '19600102', 'F', '', '', '', '', [phone, 'PRN', 'CP']],
    said.kin !== undefined && ['NK1', '1', said.kin, ['SON', '儿子'], '', '13900000112'],
    said.merged !== undefined && ['MRG', [said.merged, '', '', 'HIS', 'MR']],
    said.priorVisit !== undefined && ['MRG', [record, '', '', 'HIS', 'MR'], '', '', '', [said.priorVisit]],
    visit !== undefined && [
      'PV1',
      '1',
      'I',
      [ward, '', bed],
      ...Array(15).fill(undefined),
      visit,
      ...Array(24).fill(undefined),
      '20251101093000',
      discharge,
    ],
    nursing !== undefined && ['ZPV', [nursing]],
  ]
  return encodeMessage(segments.filter((s) => s !== false))
}

export const profileOfTest = { nursingLevel: 'ZPV-1 (our own segment)', codes: { nursing: { '1': '特级', '2': '一级', '3': '二级' } } }
