import type { Scope } from './shapes.ts'

const whole = ['hospital'] as const satisfies readonly Scope[]
const units = ['ward', 'department', 'campus', 'hospital'] as const satisfies readonly Scope[]
const all = ['own', 'ward', 'department', 'campus', 'hospital'] as const satisfies readonly Scope[]

/** The permissions that can be given for less than the whole hospital. `own`: one's own patients, tasks, or what one has recorded oneself. */
const narrower: Readonly<Record<string, readonly Scope[]>> = {
  'access.read': units,
  'access.users': units,
  'access.assign': units,
  'access.credentials': units,
  'patients.read': units,
  'patients.names': units,
  'patients.edit': units,
  'patients.unmask': units,
  'patients.viewers': units,
  'encounters.read': all,
  'encounters.results': all,
  'files.read': all,
  'files.attach': all,
  'surveys.edit': ['department', 'campus', 'hospital'],
  'surveys.results': all,
  'feedback.read': all,
  'feedback.record': all,
  'feedback.answer': all,
  'followups.work': all,
  'followups.assign': units,
  'followups.read': all,
  'followups.flags': all,
  'followups.closeFlags': all,
  'followups.giveFlags': units,
  'followups.supervise': ['department', 'campus', 'hospital'],
  'followups.head': ['department', 'campus', 'hospital'],
  'followups.checks': ['department', 'campus', 'hospital'],
  'followups.programmes': ['department', 'campus', 'hospital'],
  'analytics.read': units,
  'analytics.export': units,
}

/** How far a permission can be given, the narrowest first: where nothing narrower would hold, it is offered for the whole hospital only. */
export const reachOf = (permission: string): readonly Scope[] => narrower[permission] ?? whole
