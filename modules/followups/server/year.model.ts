import { createHash } from 'node:crypto'
import type { ProgrammeBody, Step } from '../contract.ts'

/*
 * What the tasks of a hospital must be, reckoned slowly and by nothing of the product: no table, no statement, no function of planning. It is told what
 * happened to each patient, one thing at a time, and says of each task whether it waits, was done, or was stopped and why, and when it opens and closes.
 */

const DAY = 86_400_000
const HOUR = 3_600_000
const EAST = 8 * HOUR

export type Visit = {
  id: string
  patientId: string
  kind: 'inpatient' | 'daySurgery' | 'outpatient'
  status: 'inProgress' | 'discharged' | 'cancelled'
  departmentId: string
  admittedAt: number
  dischargedAt: number | null
  disposition: string | null
  diagnosis: string | null
}
type Version = { body: ProgrammeBody; savedAt: number }
type Programme = { id: string; isActive: boolean; activeFrom: number; activatedAt: number; versions: Version[] }
type Enrolment = {
  visit: Visit
  programmeId: string
  body: ProgrammeBody
  variant: number
  /** Variants whose tasks were ever made. */
  made: Set<number>
  done: Set<number>
  refused: Set<number>
}
export type Expected = { key: string; state: string; opens: number | null; closes: number | null }

/** The day on which a moment falls, as a number; and back. */
const dayOf = (at: number) => Math.floor((at + EAST) / DAY)
const startOf = (day: number) => day * DAY - EAST
const textOf = (day: number) => new Date(day * DAY).toISOString().slice(0, 10)
export const numberOf = (text: string) => Date.parse(`${text}T00:00:00Z`) / DAY

function monthsLater(day: number, months: number): number {
  const at = new Date(day * DAY)
  const wanted = at.getUTCMonth() + months
  const last = new Date(Date.UTC(at.getUTCFullYear(), wanted + 1, 0)).getUTCDate()
  return Date.UTC(at.getUTCFullYear(), wanted, Math.min(at.getUTCDate(), last)) / DAY
}

type Turn = { position: number; variant: number; step: Step; months: number }

/** Every time that every step comes, for everybody and then for each variant. */
function turnsOf(body: ProgrammeBody): Turn[] {
  const turns: Turn[] = []
  const add = (steps: readonly Step[], variant: number) => {
    for (const step of steps)
      for (let nth = 1; nth <= (step.repeat ? Math.floor(step.repeat.forMonths / step.repeat.everyMonths) : 1); nth += 1)
        turns.push({ position: turns.length + 1, variant, step, months: step.repeat ? nth * step.repeat.everyMonths : 0 })
  }
  add(body.steps, 0)
  body.variants.forEach((v, i) => {
    add(v.steps, i + 1)
  })
  return turns
}

const variantFor = (body: ProgrammeBody, departmentId: string) => body.variants.findIndex((v) => v.departmentIds.includes(departmentId)) + 1

export class SlowHospital {
  readonly visits: Visit[] = []
  readonly dead = new Set<string>()
  readonly programmes = new Map<string, Programme>()
  readonly silences = new Map<string, [number, number]>()
  readonly enrolments: Enrolment[] = []
  readonly #restDays: ReadonlyMap<string, boolean>

  /** Days that are no working days, or are in exchange, beside the weekends. */
  constructor(exceptions: ReadonlyMap<string, boolean>) {
    this.#restDays = exceptions
  }

  /** Something was told of this patient. Whose visit has begun or ended is taken up by the programmes for that; when something was put right, all his visits are. */
  hear(patientId: string, news: { begins?: Visit; ends?: Visit; putsRight?: boolean }): void {
    this.#chooseVariants(patientId)
    if (news.begins) this.#takeUp([news.begins], news.begins.kind === 'outpatient' ? 'visited' : 'admitted')
    if (news.ends) this.#takeUp([news.ends], 'discharged')
    if (news.putsRight) this.#takeUp(this.visits.filter((v) => v.patientId === patientId))
  }

  save(id: string, body: ProgrammeBody, savedAt: number): void {
    const known = this.programmes.get(id)
    if (known) known.versions.push({ body, savedAt })
    else this.programmes.set(id, { id, isActive: false, activeFrom: 0, activatedAt: 0, versions: [{ body, savedAt }] })
  }

  /** The programme is begun from a day on: everybody who came into its state since is looked at, kind by kind, the earliest first. */
  activate(id: string, from: number, now: number): void {
    const programme = this.programmes.get(id)
    if (!programme) return
    Object.assign(programme, { isActive: true, activeFrom: from, activatedAt: now })
    const since = this.visits.filter((v) => (v.status === 'discharged' ? (v.dischargedAt ?? 0) : v.admittedAt) >= from)
    for (const state of ['inProgress', 'discharged'])
      for (const kind of programme.versions.at(-1)?.body.rule.classes ?? [])
        this.#takeUp(
          since.filter((v) => v.kind === kind && v.status === state),
          undefined,
          id,
        )
  }

  /** The version that was in force when it happened; of what happened before the activation, that of the activation. */
  #inForce({ versions, activatedAt }: Programme, v: Visit): ProgrammeBody | undefined {
    const [first] = versions
    if (!first) return undefined
    const at = Math.max(this.#anchor(v, first.body) ?? 0, activatedAt) // its trigger never changes in this year
    return (versions.findLast((version) => version.savedAt <= at) ?? first).body
  }

  enrolment(visitId: string, programmeId: string): Enrolment | undefined {
    return this.enrolments.find((e) => e.visit.id === visitId && e.programmeId === programmeId)
  }

  refuse(visitId: string, programmeId: string, position: number): void {
    const e = this.enrolment(visitId, programmeId)
    if (!e) return
    if (e.body.onRefusal === 'stop')
      for (const t of this.#tasksOf(e)) if (t.position !== position && this.#stateOf(e, t) === 'todo') e.refused.add(t.position)
    e.done.add(position)
  }

  expected(): Expected[] {
    return this.enrolments.flatMap((e) =>
      this.#tasksOf(e).map((turn) => {
        const state = this.#stateOf(e, turn)
        const window = state === 'todo' ? this.#windowOf(e, turn) : { opens: null, closes: null }
        return { key: `${e.visit.id} ${e.programmeId} ${turn.position}`, state, ...window }
      }),
    )
  }

  #tasksOf = (e: Enrolment) => turnsOf(e.body).filter((t) => e.made.has(t.variant))

  #anchor = (visit: Visit, { trigger }: Pick<ProgrammeBody, 'trigger'>) =>
    trigger === 'discharged' ? visit.dischargedAt : visit.admittedAt

  #chooseVariants(patientId: string): void {
    for (const e of this.enrolments) {
      if (e.visit.patientId !== patientId || e.done.size > 0 || e.refused.size > 0) continue
      e.variant = variantFor(e.body, e.visit.departmentId)
      e.made.add(e.variant)
    }
  }

  #takeUp(visits: readonly Visit[], trigger?: ProgrammeBody['trigger'], only?: string): void {
    for (const programme of this.programmes.values()) {
      const { id, isActive } = programme
      if (!isActive || (only && only !== id)) continue
      const due = visits.flatMap((visit) => {
        const body = this.#inForce(programme, visit)
        return body && (!trigger || body.trigger === trigger) && this.#isFor(programme, body, visit) ? [{ visit, body }] : []
      })
      due.sort((a, b) => (this.#anchor(a.visit, a.body) ?? 0) - (this.#anchor(b.visit, b.body) ?? 0) || (a.visit.id < b.visit.id ? -1 : 1))
      for (const { visit, body } of due) {
        if (this.enrolment(visit.id, id) || this.#runsThrough(visit, id, body)) continue
        const variant = variantFor(body, visit.departmentId)
        this.enrolments.push({ visit, programmeId: id, body, variant, made: new Set([variant]), done: new Set(), refused: new Set() })
      }
    }
  }

  #isFor({ id, activeFrom }: Programme, body: ProgrammeBody, v: Visit): boolean {
    const { rule, trigger } = body
    const anchor = this.#anchor(v, body)
    if (anchor === null || anchor < activeFrom) return false
    if (this.dead.has(v.patientId) || v.disposition === '5') return false
    if (trigger === 'discharged' && v.status !== 'discharged') return false
    if (trigger === 'admitted' && v.status !== 'inProgress') return false
    if (v.status === 'cancelled') return false
    if (!rule.classes.includes(v.kind)) return false
    if (rule.departmentIds.length > 0 && !rule.departmentIds.includes(v.departmentId)) return false
    if (rule.diagnoses.length > 0 && !rule.diagnoses.some((d) => v.diagnosis?.startsWith(d))) return false
    if (v.disposition !== null && rule.withoutDispositions.some((d) => d === v.disposition)) return false
    const drawn = Number.parseInt(createHash('md5').update(`${id}${v.id}`).digest('hex').slice(0, 7), 16) % 100
    if (drawn >= body.samplePercent) return false
    return !(trigger !== 'admitted' && (body.onReturn === 'anew' || body.onReturn === 'stop') && this.#staysAfter(v, anchor).length > 0)
  }

  /** Stays that began after a moment, withdrawn ones not. */
  #staysAfter = (v: Visit, anchor: number) =>
    this.visits.filter(
      (o) => o.patientId === v.patientId && o.id !== v.id && o.kind !== 'outpatient' && o.status !== 'cancelled' && o.admittedAt >= anchor,
    )

  #disqualified({ visit: v, body }: Enrolment): string | null {
    if (v.status === 'cancelled') return 'encounterCancelled'
    if (body.trigger !== 'discharged') return null
    if (v.status !== 'discharged') return 'dischargeCancelled'
    const isElsewhere = (v.disposition === '2' || v.disposition === '3') && body.rule.withoutDispositions.some((d) => d === v.disposition)
    return body.onTransfer === 'stop' && isElsewhere ? 'transferred' : null
  }

  /** Of the enrolments of a patient in a programme, in the order in which they count, those that run and for each what joined it. */
  #courses(patientId: string, programmeId: string): { head: Enrolment; joined: Enrolment[] }[] {
    const all = this.enrolments.filter((e) => e.visit.patientId === patientId && e.programmeId === programmeId && !this.#disqualified(e))
    all.sort((a, b) => (this.#anchor(a.visit, a.body) ?? 0) - (this.#anchor(b.visit, b.body) ?? 0) || (a.visit.id < b.visit.id ? -1 : 1))
    const courses: { head: Enrolment; joined: Enrolment[] }[] = []
    for (const e of all) {
      const last = courses.at(-1)
      if (last && this.#takesIn(last.head, this.#anchor(e.visit, e.body) ?? 0)) last.joined.push(e)
      else courses.push({ head: e, joined: [] })
    }
    return courses
  }

  /** Whether a course that waits or stops is still running on the day of a moment. */
  #takesIn(head: Enrolment, at: number): boolean {
    if (head.body.onReturn !== 'pause' && head.body.onReturn !== 'stop') return false
    const ends = turnsOf(head.body).flatMap((t) => (t.variant === head.variant ? [this.#plain(head, t).closes] : []))
    return dayOf(at) <= Math.max(...ends)
  }

  #runsThrough(v: Visit, id: string, body: ProgrammeBody): boolean {
    const at = this.#anchor(v, body) ?? 0
    const isEarlier = (e: Enrolment) => {
      const own = this.#anchor(e.visit, e.body) ?? 0
      return own < at || (own === at && e.visit.id < v.id)
    }
    return this.#courses(v.patientId, id).some(({ head }) => isEarlier(head) && this.#takesIn(head, at))
  }

  #isContinued(e: Enrolment): boolean {
    const courses = this.#courses(e.visit.patientId, e.programmeId)
    if (courses.some(({ joined }) => joined.includes(e))) return true
    const at = courses.findIndex(({ head }) => head === e)
    return e.body.onReturn === 'anew' && e.body.trigger === 'visited' && at >= 0 && at < courses.length - 1
  }

  #stateOf(e: Enrolment, { position, variant, step }: Turn): string {
    const { visit: v, body } = e
    if (e.done.has(position)) return 'done'
    if (e.refused.has(position)) return 'refused'
    if (body.onDeath === 'stop' && (this.dead.has(v.patientId) || v.disposition === '5')) return 'died'
    const wrong = this.#disqualified(e)
    if (wrong) return wrong
    if (body.trigger === 'admitted' && v.status === 'discharged' && step.channel === 'bedside') return 'discharged'
    if (variant !== e.variant) return 'departmentChanged'
    if (this.#isContinued(e)) return 'continued'
    const later = this.#staysAfter(v, this.#anchor(v, body) ?? 0)
    if (body.trigger === 'admitted') return 'todo'
    if ((body.onReturn === 'anew' || body.onReturn === 'stop') && later.length > 0) return 'readmitted'
    if (body.onReturn === 'pause' && later.some((o) => o.status === 'inProgress')) return 'paused'
    return 'todo'
  }

  /** First and last day of a window before anything moves it. */
  #plain({ visit, body }: Enrolment, { step, months }: Turn): { opens: number; closes: number } {
    const anchor = this.#anchor(visit, body) ?? 0
    if (step.unit === 'hours') return { opens: dayOf(anchor + step.fromOffset * HOUR), closes: dayOf(anchor + step.byOffset * HOUR) }
    const from = monthsLater(dayOf(anchor), months)
    return { opens: from + step.fromOffset, closes: from + step.byOffset }
  }

  #windowOf(e: Enrolment, turn: Turn): { opens: number; closes: number } {
    const { step } = turn
    const plain = this.#plain(e, turn)
    let day = e.body.onReturn === 'pause' && e.body.trigger !== 'admitted' ? this.#afterStays(e, plain) : plain.opens
    while (!this.#isOpen(step, day)) day += 1
    const moved = day - plain.opens
    if (step.unit === 'days') return { opens: startOf(plain.opens + moved), closes: startOf(plain.closes + moved + 1) - 1000 }
    const anchor = this.#anchor(e.visit, e.body) ?? 0
    return { opens: anchor + step.fromOffset * HOUR + moved * DAY, closes: anchor + step.byOffset * HOUR + moved * DAY }
  }

  /** The first day on which a window may open that no stay covers: while one lies across it, it begins again on the day after that one. */
  #afterStays(e: Enrolment, { opens, closes }: { opens: number; closes: number }): number {
    const stays = this.#staysAfter(e.visit, this.#anchor(e.visit, e.body) ?? 0).flatMap((s) =>
      s.status === 'discharged' && s.dischargedAt !== null ? [{ in: dayOf(s.admittedAt), out: dayOf(s.dischargedAt) }] : [],
    )
    let first = opens
    for (;;) {
      const across = stays.filter((s) => first <= s.out && first + (closes - opens) >= s.in).sort((a, b) => a.in - b.in)[0]
      if (!across) return first
      first = across.out + 1
    }
  }

  #isOpen(step: Step, day: number): boolean {
    const said = this.#restDays.get(textOf(day))
    const weekday = new Date(day * DAY).getUTCDay()
    const isWorking = said ?? (weekday !== 0 && weekday !== 6)
    if (step.days === 'working' && !isWorking) return false
    return step.channel !== 'phone' || ![...this.silences.values()].some(([from, until]) => from <= day && day <= until)
  }
}
