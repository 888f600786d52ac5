import type { Resource } from '@renxin/fhir'
import type { Name } from './store.ts'

/** A resource as the rooms are told of it; none where it was deleted. */
export type Told = {
  name: Name
  resource: Resource | null
  isNew: boolean
  /** Its id was made a moment ago: nothing can refer to it yet. */
  isNameNew: boolean
  objectId: string | null
  patientId: string | null
  sourceAt: Date
}

/** What it is in the product, by its name. */
export type Objects = Map<string, string>
