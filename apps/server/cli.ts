import { Refusal } from '@renxin/kernel'
import { apiKeyCreate } from './commands/api-key.ts'
import { auditArchive, auditRestored, auditRetire, auditVerify } from './commands/audit.ts'
import { backupCommand } from './commands/backup.ts'
import { clientCreate } from './commands/client.ts'
import type { Command } from './commands/command.ts'
import { UsageError, usageOf } from './commands/command.ts'
import { demo } from './commands/demo.ts'
import { hospitalCreate } from './commands/hospital.ts'
import { importCommand } from './commands/import.ts'
import { keysRotate, keysShow } from './commands/keys.ts'
import { keysMaster } from './commands/keys-master.ts'
import { migrateCommand } from './commands/migrate.ts'
import { restoreCommand } from './commands/restore.ts'
import { senderImport } from './commands/sender.ts'
import { simulate } from './commands/simulate.ts'
import { start } from './commands/start.ts'
import { userCreate } from './commands/user.ts'
import { BadConfig } from './config.ts'

const commands: readonly Command[] = [
  start,
  migrateCommand,
  demo,
  hospitalCreate,
  userCreate,
  apiKeyCreate,
  clientCreate,
  senderImport,
  importCommand,
  simulate,
  backupCommand,
  restoreCommand,
  auditVerify,
  auditArchive,
  auditRestored,
  keysRotate,
  keysMaster,
  keysShow,
  auditRetire,
]

/** Exit codes: 0 done, 1 failed, 2 the command was not understood. */
async function main(words: string[]): Promise<number> {
  const wanted = commands.find((c) => c.name.split(' ').every((part, i) => words[i] === part))
  if (!wanted) {
    const isHelp = words.length === 0 || words[0] === '--help' || words[0] === 'help'
    console[isHelp ? 'log' : 'error'](overview(isHelp ? null : words.join(' ')))
    return isHelp ? 0 : 2
  }
  const rest = words.slice(wanted.name.split(' ').length)
  if (rest.includes('--help')) {
    console.log(usageOf(wanted))
    return 0
  }
  try {
    await wanted.run(rest)
    return 0
  } catch (error) {
    if (error instanceof UsageError) console.error(`${error.message}\n\n${usageOf(wanted)}`)
    else if (error instanceof Refusal) console.error(refusal(error))
    else console.error(isPlain(error) ? `renxin: ${error.message}` : error)
    return error instanceof UsageError ? 2 : 1
  }
}

/** The code, which the documentation and the pages know, and what it is about. */
const refusal = ({ code, details }: Refusal): string =>
  `renxin: refused, ${[code, ...Object.values(details).map((d) => (typeof d === 'string' ? d : JSON.stringify(d)))].join(' ')}`

/** Errors whose message says it all; others show where they came from. */
const isPlain = (error: unknown): error is Error =>
  error instanceof BadConfig || (error instanceof Error && ['StartRefused', 'PlainError'].includes(error.name))

function overview(unknown: string | null): string {
  const width = Math.max(...commands.map((c) => c.name.length))
  const lines = commands.map((c) => `  ${c.name.padEnd(width)}  ${c.about}`)
  return [
    ...(unknown ? [`renxin: there is no command "${unknown}"`, ''] : []),
    'Usage: npx renxin <command>',
    '',
    ...lines,
    '',
    'Every command has --help.',
  ].join('\n')
}

process.exitCode = await main(process.argv.slice(2))
