import { type LocalDate, yearsBetween } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import {
  type Alert,
  type AlertKind,
  alertKinds,
  type ContactSettings,
  type PatientCard,
  type PatientHead,
  type Risk,
  type Warning,
} from '../contract.ts'
import { listCards } from './cards.ts'
import { visibleId } from './get-patient.ts'
import { type StandingRow, showStanding, standingRows } from './read-standings.ts'
import { getSettings } from './settings.ts'
import { db } from './tables.ts'

type Extras = {
  refused: string[]
  heldSince: string | null
  cautions: { id: string; kind: 'criticalValue' | 'incompatibility' | 'payer' | 'other'; text: string; at: string }[]
  allergies: { text: string; at: string }[]
  contacts: { at: string; purpose: string | null }[]
  fieldRisks: string[]
  segments: PatientHead['segments']
}

/** The top of the file: who this is, what to mind, where they stand, what was last and what is next. A handful of statements, whatever a file holds. */
export async function getHead(ctx: Context, { id: asked }: { id: string }): Promise<PatientHead> {
  const id = await visibleId(ctx, asked)
  const [card] = await listCards(ctx, [id])
  const row = (await standingRows(ctx, [id])).get(id)
  const extras = await extrasOf(ctx, id)
  if (!card) throw new Error(`patient ${id} vanished`)
  return {
    ...card,
    standing: showStanding(ctx, row),
    nursingLevel: row?.nursingLevel ?? null,
    condition: row?.condition ?? null,
    visits: row?.visits ?? 0,
    stays: row?.stays ?? 0,
    firstSeenOn: row?.firstSeenOn ?? null,
    segments: extras.segments,
    alerts: alertsOf(card, extras),
    risks: [
      ...risksOf({ ...card, ...row, today: ctx.clock.today() }, await getSettings(ctx)),
      ...extras.fieldRisks.map((text) => ({ kind: 'ownField' as const, text, days: null })),
    ],
    lastContacts: extras.contacts.map((c) => ({ ...c, at: new Date(c.at).toISOString() })),
    emergencyUntil: ctx.actor.admitted?.includes(id) ? await emergencyUntil(ctx, id) : null,
  }
}

async function emergencyUntil(ctx: Context, patientId: string): Promise<string | null> {
  const { until } = await db(ctx)
    .selectFrom('access.emergencyCards')
    .where('userId', '=', ctx.actor.id)
    .where('patientId', '=', patientId)
    .where('until', '>', ctx.clock.now())
    .select((e) => e.fn.max('until').as('until'))
    .executeTakeFirstOrThrow()
  return until?.toISOString() ?? null
}

async function extrasOf(ctx: Context, id: string): Promise<Extras> {
  const { rows } = await sql<Extras>`
    select coalesce((select jsonb_agg(distinct r.value) from patients.refusals r where r.patient_id = p.id), '[]') as refused,
           (select min(h.set_at)::text from patients.holds h
             where h.patient_id = p.id and h.released_at is null and h.cause = 'openComplaint') as held_since,
           coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'kind', c.kind, 'text', c.text, 'at', c.noted_at) order by c.noted_at)
             from patients.cautions c where c.patient_id = p.id and c.ended_at is null), '[]') as cautions,
           coalesce((select jsonb_agg(jsonb_build_object('text', concat_ws(' ', a.name, a.reaction), 'at', a.said_at) order by a.name)
             from patients.allergy_cards a where a.patient_id = p.id), '[]') as allergies,
           coalesce((select jsonb_agg(jsonb_build_object('at', l.at, 'purpose', l.purpose))
             from (select at, purpose from patients.contact_log where patient_id = p.id order by at desc limit 3) l), '[]') as contacts,
           coalesce((select jsonb_agg(f.label || '：' || v.text_value order by f.position)
             from patients.field_values v join patients.field_definitions f on f.id = v.field_id and f.is_active and f.risk_option = v.text_value
            where v.object_id = p.id and v.is_shown), '[]') as field_risks,
           coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name, 'kind', s.kind) order by s.kind = 'loyalty', s.position, s.name)
             from patients.segment_members m join patients.segments s on s.id = m.segment_id and s.is_active
            where m.patient_id = p.id), '[]') as segments
      from patients.patients p where p.id = ${id}::uuid`.execute(ctx.db)
  return rows[0] ?? { refused: [], heldSince: null, cautions: [], allergies: [], contacts: [], fieldRisks: [], segments: [] }
}

function alertsOf(card: PatientCard, extras: Extras): Alert[] {
  const said: Partial<Record<Warning, { text?: string | null; at?: string | null }>> = {
    deceased: { at: card.deceasedAt },
    openComplaint: { at: extras.heldSince },
    refused: { text: extras.refused.join('、') },
  }
  const alerts = [
    ...card.warnings.map((kind) => alert(kind, said[kind]?.text ?? null, said[kind]?.at ?? null, null)),
    ...extras.allergies.map((a) => alert('allergy', a.text, a.at, null)),
    ...extras.cautions.map((c) => alert(c.kind, c.text, c.at, c.id)),
  ]
  return alerts.sort((a, b) => alertKinds.indexOf(a.kind) - alertKinds.indexOf(b.kind))
}

const alert = (kind: AlertKind, text: string | null, at: string | null, cautionId: string | null): Alert => ({
  kind,
  text,
  at: at && new Date(at).toISOString(),
  cautionId,
})

type Known = Partial<StandingRow> & { birthOn: LocalDate | null; deceasedAt: string | null; today: LocalDate }

/** Each is a fact with its reason. The first two are of the present stay, the rest of the last one. */
export function risksOf(known: Known, rules: Pick<ContactSettings, 'oldFromAge'>): Risk[] {
  if (known.deceasedAt) return []
  const isIn = known.state === 'inHospital'
  const age = known.birthOn ? Math.max(0, yearsBetween(known.birthOn, known.today)) : null
  const risk = (isSo: boolean | undefined, kind: Risk['kind'], text: string | null = null, days: number | null = null): Risk[] =>
    isSo ? [{ kind, text, days }] : []
  const isCriticalNow = isIn && (known.condition === '病危' || known.condition === '病重')
  const isIntensive = isIn && (known.nursingLevel === '特级' || known.nursingLevel === '一级')
  return [
    ...risk(isCriticalNow, 'criticalNow', known.condition),
    ...risk(!isCriticalNow && known.everCritical, 'everCritical'),
    ...risk(isIntensive, 'intensiveNursing', known.nursingLevel),
    ...risk(!isIntensive && known.everLevelOne, 'everLevelOne'),
    // 31 days: the readmission that the national quality figures ask about.
    ...risk(typeof known.daysSincePrior === 'number' && known.daysSincePrior <= 31, 'readmission', null, known.daysSincePrior ?? null),
    ...risk(age !== null && rules.oldFromAge !== null && age >= rules.oldFromAge, 'age', null, age),
  ]
}
