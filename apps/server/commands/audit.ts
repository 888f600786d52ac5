import { auditDeletionMonths, auditRetentionMonths } from '@renxin/access'
import {
  anchorAudit,
  archiveAudit,
  audit,
  BrokenAnchors,
  BrokenBlock,
  type Fault,
  type FaultKind,
  inHospital,
  listHospitals,
  readAnchors,
  retireAudit,
  verifyAudit,
} from '@renxin/server'
import { type Command, chooseHospital, needed, PlainError, readOptions, withHouse } from './command.ts'
import { progressBar } from './progress.ts'

const meanings: Record<FaultKind, string> = {
  changed: 'was changed after it was sealed',
  missing: 'was deleted',
  inserted: 'was put in afterwards',
  blockChanged: 'has a hash or a list of rows that was changed',
  blockMissing: 'was deleted',
  chainBroken: 'does not follow on the block before it: that one was sealed anew',
  rewritten: 'is where the trail may have been rewritten: it is not the trail that was anchored',
  cutOff: 'and what came after it was cut off: it had been anchored',
  anchorChanged: 'is where the anchors end that can be believed: a line of the anchor file was changed, put in or taken out',
  anchorsMissing: 'and what came after it has had no anchor for more than a day: the anchor file is gone, or the server could not write it',
  archiveMissing: 'lies in an archive file that is gone or cannot be read',
  retiredUnsigned: 'has lost its rows as if their time were over, and no signed line of the anchor file says so',
}

export const describeFault = ({ block, rowId, kind, after }: Fault): string =>
  `${[rowId && `row ${rowId}`, block !== null && `block ${block}`].filter(Boolean).join(' of ')} ${meanings[kind]}${after === undefined ? '' : `; good up to block ${after}`}`

export const auditVerify: Command = {
  name: 'audit verify',
  about:
    'Recomputes the whole chain of the audit trail, holds it against its anchors, and names the first bad row. Ends with 1 where there is one.',
  usage: ['--hospital ID|NAME   one of several; without it all of them'],
  run: async (words) => {
    const { values } = readOptions(words, { hospital: { type: 'string' } })
    await withHouse(async (house, _, { auditPlace }) => {
      const hospitals = values.hospital ? [await chooseHospital(house, values.hospital)] : await listHospitals(house)
      let bad = 0
      for (const hospital of hospitals) {
        const { anchors, expected } = await inHospital(house, hospital.id, async (ctx) => ({
          anchors: await readAnchors(ctx, auditPlace),
          expected: await ctx.db
            .selectFrom('house.auditBlocks')
            .select((e) => e.fn.sum<string>('rows').as('n'))
            .executeTakeFirst(),
        }))
        const bar = progressBar(hospital.shortName)
        const began = performance.now()
        const verdict = await verifyAudit(house.pool, hospital.id, {
          anchors,
          archives: auditPlace,
          onProgress: (rows) => bar.show(rows / Math.max(rows, Number(expected?.n ?? 0)), `${rows} rows`),
        }).finally(bar.end)
        const seconds = (performance.now() - began) / 1000
        const rows = verdict.rows + verdict.archived
        console.log(
          `${hospital.shortName}: ${rows} rows in ${verdict.blocks} blocks read in ${seconds.toFixed(1)} s (${Math.round(rows / seconds)} rows/s); ${verdict.archived} of them archived, ${verdict.unsealed} not sealed yet.`,
        )
        for (const { from, to, rows } of anchors.ranges)
          console.log(`  Blocks ${from} to ${to} (${rows} rows) were deleted when their time was over, by a signed line of the anchors.`)
        const { lastAnchor } = verdict
        console.log(
          lastAnchor
            ? `  ${anchors.anchors.length} anchors in ${auditPlace}; the last, of ${lastAnchor.at}, holds up to block ${lastAnchor.block}.`
            : `  No anchors in ${auditPlace}: whether all was rewritten cannot be said.`,
        )
        if (anchors.setAside.length > 0)
          console.log(`  ${anchors.setAside.length} anchors count no more, since a restored backup was noted after them. Was there one?`)
        const [first] = verdict.faults
        if (!first) console.log('  The chain is whole.')
        else
          console.error(`  BAD: ${describeFault(first)}.${verdict.faults.length > 1 ? ` ${verdict.faults.length - 1} more after it.` : ''}`)
        bad += first ? 1 : 0
      }
      if (bad > 0)
        throw new PlainError(
          'The audit trail is not what was written. Keep the database and the anchor files as they are, and find out who had access.',
        )
    })
  },
}

export const auditArchive: Command = {
  name: 'audit archive',
  about: 'Moves what is older than the retention set on the audit page out of the database into files; the chain is verified over both.',
  usage: ['--hospital ID|NAME   where there are several'],
  run: async (words) => {
    const { values } = readOptions(words, { hospital: { type: 'string' } })
    await withHouse(async (house, database, { auditPlace }) => {
      const hospital = await chooseHospital(house, values.hospital)
      const { before, months } = await inHospital(house, hospital.id, auditRetentionMonths)
      if (!before) {
        console.log('Everything is kept in the database: no retention is set on the audit page.')
        return
      }
      const done = await archiveAudit(database.owner, hospital.id, before, auditPlace).catch((error) => {
        if (error instanceof BrokenBlock) throw new PlainError(`Nothing more was archived: ${error.message}. See: npx renxin audit verify`)
        throw error
      })
      if (done.rows > 0)
        await inHospital(house, hospital.id, (ctx) =>
          audit(ctx, { action: 'access.auditArchived', detail: { rows: done.rows, months, files: done.files } }),
        )
      console.log(`${done.rows} rows older than ${months} months lie in ${done.files.length} new files in ${auditPlace}.`)
    })
  },
}

export const auditRetire: Command = {
  name: 'audit retire',
  about:
    'Deletes archived rows that are older than the term set on the audit page, for good. A signed line of the anchors says from where to where, and the chain is verified over the gap.',
  usage: ['--reason TEXT        who decided it', '--hospital ID|NAME   where there are several'],
  run: async (words) => {
    const { values } = readOptions(words, { reason: { type: 'string' }, hospital: { type: 'string' } })
    const reason = needed(values.reason, 'reason')
    await withHouse(async (house, database, { auditPlace }) => {
      const hospital = await chooseHospital(house, values.hospital)
      const { before, months, who } = await inHospital(house, hospital.id, async (ctx) => ({
        ...(await auditDeletionMonths(ctx)),
        who: { keys: ctx.keys, hospital },
      }))
      if (!before) {
        console.log('Nothing is ever deleted: no term is set on the audit page.')
        return
      }
      const done = await retireAudit(database.owner, who, before, auditPlace, house.now()).catch((error) => {
        if (error instanceof BrokenBlock || error instanceof BrokenAnchors)
          throw new PlainError(`Nothing was deleted: ${error.message}. See: npx renxin audit verify`)
        throw error
      })
      if (done.range)
        await inHospital(house, hospital.id, (ctx) =>
          audit(ctx, { action: 'access.auditRetired', reason, detail: { months, ...done.range, files: done.files } }),
        )
      console.log(`${done.rows} rows in ${done.files} files, all older than ${months} months, are deleted.`)
    })
  },
}

export const auditRestored: Command = {
  name: 'audit restored',
  about: 'Notes in the anchors that a backup was restored, so that what was anchored after it is not missed. The note stays to be seen.',
  usage: ['--reason TEXT        why the backup was restored', '--hospital ID|NAME   where there are several'],
  run: async (words) => {
    const { values } = readOptions(words, { reason: { type: 'string' }, hospital: { type: 'string' } })
    const reason = needed(values.reason, 'reason')
    await withHouse(async (house, _, { auditPlace }) => {
      const { id } = await chooseHospital(house, values.hospital)
      await inHospital(house, id, async (ctx) => {
        await audit(ctx, { action: 'access.auditRestored', reason })
        await anchorAudit(ctx, auditPlace, { isRestore: true })
      })
      console.log('Noted. From here on the restored trail is the one that is anchored.')
    })
  },
}
