// Makes a backup and says so; whoever started it kills it before.
import { backupKey } from './keys.ts'
import { makeBackup } from './make.ts'

const [folder = '', url = '', scratch = '', master = ''] = process.argv.slice(2)
const key = backupKey({ master: Buffer.from(master, 'hex') })
if (key) await makeBackup({ folder, key }, { url, product: 'test', scratch })
console.log('made')
