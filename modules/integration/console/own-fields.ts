import { useRead } from '@renxin/client'
import { type OwnFieldName, ownFieldsApi } from '../own-fields-contract.ts'
import { words } from '../words.ts'

const none: readonly OwnFieldName[] = []

/** The fields that the hospital defined itself, to be offered where something is put to a field; none until they are there. */
export const useOwnFields = (): readonly OwnFieldName[] => useRead(ownFieldsApi.ownFields, {}).data?.rows ?? none

/** What the hospital calls it. What is said of a visit bears the name of a stay's field, whichever of the two it is. */
export function ownWord(name: string, own: readonly OwnFieldName[]): string | undefined {
  const key = name.split(':')[2]
  return (own.find((o) => o.name === name) ?? own.find((o) => o.object !== 'patient' && o.name.split(':')[2] === key))?.label
}

/** An out-patient's field may be called as an in-patient's is. */
export const longWord = ({ label, object }: OwnFieldName): string => `${label}（${words.ownObjects[object]}）`
