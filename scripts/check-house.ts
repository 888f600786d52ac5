import { resolve } from 'node:path'
import { checkHouse } from './rules/index.ts'

/** The walls of the house, as far as a program can see them. Prints what is broken; the exit code says whether anything is. */
const findings = await checkHouse(resolve(import.meta.dirname, '..'))
for (const { where, rule, says } of findings) console.log(`${where}  [${rule}]\n    ${says}`)
console.log(findings.length === 0 ? 'The walls stand.' : `${findings.length} to mend.`)
process.exitCode = findings.length === 0 ? 0 : 1
