import { sql } from '@renxin/server'
import type { PrivacyClass } from '../../contract.ts'
import type { Piece } from '../bulk.ts'

/** By an index, before a function is called that would ask the same. */
const isInNoClass = sql<boolean>`not exists (select from patients.privacy v where v.patient_id = p.id and v.class <> 'none')`

/** The name of the patient `p` of a query as the view `patients.cards` has it: masked where the session treats somebody of a class it may not know wholly. */
export const shownName: Piece<string> = sql<string>`case
  when current_setting('house.veil', true) is distinct from 'on' or ${isInNoClass} or patients.is_plain(p.id) then p.name else patients.masked_name(p.name) end`

/** The class of the patient `p`, the strictest where files of several classes are one person's. */
export const classShown: Piece<PrivacyClass | null> = sql<PrivacyClass | null>`(
  select v.class from patients.privacy v where v.patient_id = p.id and v.class <> 'none'
   order by array_position('{vip,sensitive,noPublicity,staff}'::text[], v.class) limit 1)`
