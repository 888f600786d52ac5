import type { Context } from '@renxin/server'
import { patientErrors, type Relation } from '../contract.ts'
import { type Drafts, saveDrafts } from './drafts.ts'
import type { Draft } from './fold.ts'
import { isSame } from './joined.ts'
import { type ContactRow, db } from './tables.ts'

type Change = {
  relation?: Relation | undefined
  name?: string | null | undefined
  isVoid?: boolean | undefined
  isPreferred?: boolean | undefined
}

/** Adds a contact to a file into which others were merged: it is the survivor's own, and of a number that both have the one that is shown. */
export async function addToGroup(ctx: Context, taken: Drafts, contact: ContactRow): Promise<{ contact: ContactRow; isNews: boolean }> {
  const group = groupOf(taken)
  const own = taken.of(contact.patientId)
  const mine = own.contacts.find((c) => isSame(c, contact))
  const taking = await db(ctx).selectFrom('patients.contacts').select('id').where('id', '=', contact.id).executeTakeFirst()
  if (taking && mine?.id !== contact.id) throw patientErrors.numberTaken()
  const before = group.root.contacts.find((c) => isSame(c, contact))
  // A number that is there already is vouched for now, even if it was former or void.
  for (const same of samesOf(group.members.values(), contact)) same.isVoid = false
  if (mine) Object.assign(mine, { source: 'manual', isFormer: false, ...(contact.name ? { name: contact.name } : {}) })
  else own.contacts.push(contact)
  await saveDrafts(ctx, [...group.members.values()], taken)
  const shown = await db(ctx)
    .selectFrom('patients.contacts')
    .selectAll()
    .where('patientId', '=', group.root.row.id)
    .where('phoneIndex', '=', contact.phoneIndex)
    .where('relation', '=', contact.relation)
    .executeTakeFirstOrThrow()
  return { contact: shown, isNews: !before || before.isVoid || before.isFormer }
}

/** Changes a contact where it was said: of a merged file's number that file keeps the change when the two are parted. */
export async function changeInGroup(
  ctx: Context,
  taken: Drafts,
  shown: ContactRow,
  { relation, name, isVoid, isPreferred }: Change,
): Promise<void> {
  const group = groupOf(taken)
  const members = [...group.members.values()]
  const holder = members.find((m) => m.contacts.some((c) => c.id === shown.id))
  const contact = holder?.contacts.find((c) => c.id === shown.id)
  if (!holder || !contact) throw patientErrors.contactNotFound({ id: shown.id })
  const sames = samesOf(members, shown)
  if (isPreferred !== undefined) {
    // The survivor's own preference is the one that is shown: for a number of another file it gives way.
    const clearing = holder.row.id === group.root.row.id ? [holder] : members
    for (const c of isPreferred ? clearing.flatMap((m) => m.contacts) : sames) c.isPreferred = false
    contact.isPreferred = isPreferred
  }
  if (isVoid === false) for (const c of sames) c.isVoid = false
  if (isVoid) contact.isVoid = true
  if (relation) contact.relation = relation
  if (name !== undefined) contact.name = name || null
  // Whoever corrects a relation or a name vouches for it: the hospital's system does not take it back.
  if (relation || name !== undefined) Object.assign(contact, { source: 'manual', isFormer: false })
  await saveDrafts(ctx, members, taken)
}

const samesOf = (members: Iterable<Draft>, contact: ContactRow): ContactRow[] =>
  [...members].flatMap((m) => m.contacts.filter((c) => isSame(c, contact)))

function groupOf(taken: Drafts) {
  const [group] = taken.groups
  if (!group) throw new Error('a contact was to be changed in a group that is none')
  return group
}
