import { elementsOf, isElement, type Resource, targetIn, textOf } from '@renxin/fhir'
import type { Context } from '@renxin/server'
import { enterPeople, type PersonName, personKey, resolvePeople, resolveUnits, type UnitName, unitKey } from '@renxin/staff'
import { spokenCode, wholeName } from './facts-patient.ts'
import { nameOf } from './store.ts'
import type { Objects, Told } from './told.ts'

const LONGEST = 100

/** The people who work here, the departments and the wards. What else an Organization or a Location may be is only kept. */
export async function tellStaff(ctx: Context, told: readonly Told[], objects: Objects): Promise<void> {
  const people = told.flatMap(({ name, resource }) => {
    const person = resource && name.type === 'Practitioner' ? personIn(resource) : undefined
    return person ? [{ name, person, isActive: resource?.active }] : []
  })
  if (people.length > 0) {
    const ids = await resolvePeople(
      ctx,
      people.map((p) => p.person),
    )
    for (const { name, person } of people) note(objects, nameOf(name), ids.get(personKey(person) ?? ''))
    await enterPeople(
      ctx,
      people.flatMap(({ person, isActive }) =>
        person.number && typeof isActive === 'boolean' ? [{ number: person.number, isActive }] : [],
      ),
    )
  }
  const units = unitsIn(told)
  if (units.length === 0) return
  const ids = await resolveUnits(
    ctx,
    units.map((u) => u.unit),
  )
  for (const { name, unit } of units) note(objects, name, ids.get(unitKey(unit) ?? ''))
}

function note(objects: Objects, name: string, id: string | undefined): void {
  if (id) objects.set(name, id)
}

const numberIn = (resource: Resource): string | null => {
  const numbers = elementsOf(resource.identifier).filter((i) => textOf(i.value)?.trim() && i.use !== 'old')
  const own = numbers.find((i) => isElement(i.type) && elementsOf(i.type.coding).some((c) => c.code === 'EI'))
  return (
    textOf((own ?? numbers[0])?.value)
      ?.trim()
      .slice(0, LONGEST) ?? null
  )
}

function personIn(resource: Resource): PersonName | undefined {
  const names = elementsOf(resource.name)
  const name = wholeName(names.find((n) => n.use === 'official') ?? names[0])?.slice(0, LONGEST) ?? null
  const words = elementsOf(resource.qualification).map((q) => spokenCode(q.code) ?? '')
  const job = words.some((w) => /护士|护师|nurs/i.test(w))
    ? 'nurse'
    : words.some((w) => /技师|技士|technic/i.test(w))
      ? 'technician'
      : 'doctor'
  const number = numberIn(resource)
  return number || name ? { number, name, job } : undefined
}

function unitsIn(told: readonly Told[]): { name: string; unit: UnitName }[] {
  const departments = new Map<string, UnitName>()
  for (const { name, resource } of told) {
    const unit = resource && name.type === 'Organization' ? departmentIn(resource) : undefined
    if (unit) departments.set(nameOf(name), unit)
  }
  const wards = told.flatMap(({ name, resource }) => {
    const unit = resource && name.type === 'Location' ? wardIn(resource, departments) : undefined
    return unit ? [{ name: nameOf(name), unit }] : []
  })
  return [...[...departments].map(([name, unit]) => ({ name, unit })), ...wards]
}

const hasCode = (concepts: unknown, code: string) =>
  elementsOf(concepts).some((c) => elementsOf(c.coding).some((coding) => coding.code === code))

function departmentIn(resource: Resource): UnitName | undefined {
  const name = textOf(resource.name)?.trim().slice(0, LONGEST)
  return name && hasCode(resource.type, 'dept') ? { kind: 'department', code: numberIn(resource), name } : undefined
}

function wardIn(resource: Resource, departments: ReadonlyMap<string, UnitName>): UnitName | undefined {
  const name = textOf(resource.name)?.trim().slice(0, LONGEST)
  if (!name || resource.mode === 'kind' || !hasCode([resource.physicalType], 'wa')) return undefined
  const owner = targetIn(resource.managingOrganization)
  const departmentCode = owner ? departments.get(nameOf(owner))?.code : undefined
  return { kind: 'ward', code: numberIn(resource), name, ...(departmentCode ? { departmentCode } : {}) }
}
