import type { Destination } from '../write-back-contract.ts'

export type Fields = Pick<
  Destination,
  | 'name'
  | 'way'
  | 'host'
  | 'port'
  | 'baseUrl'
  | 'identifierSystem'
  | 'auth'
  | 'authUser'
  | 'readerRole'
  | 'application'
  | 'facility'
  | 'charset'
  | 'followupsAs'
  | 'takesFollowups'
  | 'takesComplaints'
  | 'takesPhones'
  | 'takesComplaintFlag'
  | 'flagTags'
  | 'isActive'
> & { authSecret: string }

export type FieldsProps = { form: Fields; change: (part: Partial<Fields>) => void }
