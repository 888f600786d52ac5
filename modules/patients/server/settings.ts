import { type Context, sql } from '@renxin/server'
import type { ContactSettings } from '../contract.ts'
import { db } from './tables.ts'

/** What holds until a hospital says otherwise: nobody is called in the night, and one planned contact a day is enough. */
const defaults: ContactSettings = {
  quietHours: [{ from: '21:00', to: '08:00' }],
  contactsPerDay: 1,
  contactsPerWeek: null,
  areaCode: null,
  lastFourSearchesPerHour: 60,
  oldFromAge: 80, // a beginning that stands on the page for the hospital to change
}

export async function getSettings(ctx: Context): Promise<ContactSettings> {
  const row = await db(ctx).selectFrom('patients.settings').selectAll().executeTakeFirst()
  return { ...defaults, ...row }
}

export async function changeSettings(ctx: Context, settings: ContactSettings): Promise<ContactSettings> {
  await sql`
    insert into patients.settings (quiet_hours, contacts_per_day, contacts_per_week, area_code, last_four_searches_per_hour, old_from_age)
    values (${JSON.stringify(settings.quietHours)}::jsonb, ${settings.contactsPerDay}, ${settings.contactsPerWeek}, ${settings.areaCode}, ${settings.lastFourSearchesPerHour},
            ${settings.oldFromAge})
    on conflict (hospital_id) do update set quiet_hours = excluded.quiet_hours, contacts_per_day = excluded.contacts_per_day,
      contacts_per_week = excluded.contacts_per_week, area_code = excluded.area_code, last_four_searches_per_hour = excluded.last_four_searches_per_hour,
      old_from_age = excluded.old_from_age`.execute(ctx.db)
  return settings
}

export const areaCodeOf = async (ctx: Context): Promise<string | undefined> => (await getSettings(ctx)).areaCode ?? undefined
