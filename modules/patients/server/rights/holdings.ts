import type { Holdings } from '@renxin/server'
import { sql } from '@renxin/server'
import { copyPatient } from './copy.ts'
import { erasePatient } from './erase.ts'

const gone = { erased: 'whole', copied: false } as const

/** What the customer file holds of a person, and what becomes of it (docs/decisions/0012). */
export const holdings: Holdings = {
  tables: {
    'patients.patients': { copied: 'person', erased: 'partly', stays: 'identity' },
    'patients.own_states': { copied: 'person', erased: 'partly', stays: 'identity' }, // the same file before it was merged
    'patients.identifiers': { copied: 'numbers', erased: 'partly', stays: 'identity' },
    'patients.search_keys': { copied: false, erased: 'partly', stays: 'identity' },
    'patients.erased_numbers': { copied: false, erased: 'never', stays: 'wish' },
    'patients.contacts': { copied: 'contacts', erased: 'whole' },
    'patients.people_ties': { copied: 'people', erased: 'whole' },
    'patients.field_values': { copied: 'ownFields', erased: 'whole' },
    'patients.value_origins': gone,
    'patients.origins': gone,
    'patients.tagged': { copied: 'groups', erased: 'whole' },
    'patients.segment_marks': { copied: 'groups', erased: 'whole' },
    'patients.segment_members': { copied: 'groups', erased: 'whole' },
    'patients.segment_moves': gone,
    'patients.segment_dirty': gone,
    'patients.allergies': { copied: 'allergies', erased: 'partly', stays: 'caution' },
    'patients.allergy_lists': { copied: false, erased: 'partly', stays: 'caution' },
    'patients.cautions': { copied: 'cautions', erased: 'whole' },
    'patients.refusals': { copied: 'wishes', erased: 'never', stays: 'wish' },
    'patients.privacy': { copied: 'wishes', erased: 'partly', stays: 'wish' }, // who must not be shown stays so, without the reason
    'patients.holds': { copied: false, erased: 'never', stays: 'complaintFile' },
    'patients.contact_log': { copied: 'contacted', erased: 'whole' },
    'patients.care_units': { copied: false, erased: 'partly', stays: 'medicalRecord' }, // who cared, and so may see what stays
    'patients.standings': gone,
    'patients.followup_standings': gone,
    'patients.diagnosed': gone,
    'patients.conflicts': gone,
    'patients.duplicates': gone,
    'patients.rights_requests': { copied: 'requests', erased: 'partly', stays: 'trace' }, // that something was asked and what came of it shows that the law was kept
    'patients.unusual_looks': { copied: false, erased: 'never', stays: 'trace' }, // of who looked; the looks themselves are handed out with the trail
    'patients.looked': { copied: false, erased: 'never', stays: 'trace' }, // gone after some days
    'patients.links': { copied: 'merges', erased: 'never', stays: 'trace' }, // ids and fingerprints
    'patients.merges': { copied: 'merges', erased: 'partly', stays: 'trace' },
  },
  copy: copyPatient,
  stays: async (ctx, { files }) => {
    const { rows } = await sql<{ allergies: number; refusals: number; requests: number }>`
      select (select count(*)::int from patients.allergies where patient_id = any(${[...files]}::uuid[]) and not is_gone) as allergies,
             (select count(*)::int from patients.refusals where patient_id = any(${[...files]}::uuid[])) as refusals,
             (select count(*)::int from patients.rights_requests where patient_id = any(${[...files]}::uuid[])) as requests`.execute(ctx.db)
    const { allergies = 0, refusals = 0, requests = 0 } = rows[0] ?? {}
    return [
      { reason: 'caution', what: 'allergies', count: allergies, until: null },
      { reason: 'wish', what: 'wishes', count: refusals, until: null },
      { reason: 'trace', what: 'requests', count: requests, until: null },
    ]
  },
  erase: erasePatient,
}
