import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addDays } from '@renxin/kernel'

const HEAD = (type: string, id: string, charset = 'UNICODE UTF-8') =>
  `MSH|^~\\&|HIS|仁心演练医院|CRM|仁心演练医院|20261102083000||${type}|${id}|P|2.5||||||${charset}`
/** Each is somebody else by name, day of birth and telephone; only every hundredth shows the one identity card, as if all were one person. */
function PID(id: string): string {
  const n = Number(id.slice(1))
  const [card, birthOn] = n % 100 === 0 ? ['~110101196001020015^^^GA^NNCHN', '1960-01-02'] : ['', addDays('1930-01-01', (n * 7) % 30_000)]
  const name = `${SURNAMES[n % SURNAMES.length]}·${GIVEN[(n * 5) % GIVEN.length]}${GIVEN[(n * 11) % GIVEN.length]}`
  const phone = `138${String(10_000_000 + n)}`
  return `PID|1||${id}^^^HIS^MR${card}||${name}^^^^^^L||${birthOn.replaceAll('-', '')}|F|||示范路1号^^示范市^示范省^210000^CHN||^PRN^CP^^86^^${phone}~0510-12345678^WPN^PH||zh|M`
}
const SURNAMES = '錦葉王李張刘陈楊赵黃周吴徐孙朱马胡郭林何高'
const GIVEN = '東海明月秀英桂蘭建国玉梅志强丽华淑珍伟静敏艳芳娟'
const PV1 = (visit: string, rest = '') =>
  `PV1|1|I|心内一病区^0312^12床^BENCH|R|||D0031^王志强|||0301^心血管内科||||||||03^干部|${visit}|310^职工|||||||||||||||1^医嘱离院||||||||20261101080000|${rest}`

/** One message of each kind that a hospital sends, as lines; `n` makes its numbers its own. */
const kinds: readonly ((n: number) => string[])[] = [
  (n) => [HEAD('ADT^A01^ADT_A01', `K${n}`), 'EVN|A01|20261102083000', PID(`P${n}`), 'NK1|1|王大明|1^配偶||13900005678', PV1(`V${n}`)],
  (n) => [HEAD('ADT^A02', `K${n}`), 'EVN|A02|20261102090000', PID(`P${n}`), PV1(`V${n}`), 'PV2||||||||||||||||||||||||||||||||||||||||2^一级||C'],
  (n) => [HEAD('ADT^A03', `K${n}`), 'EVN|A03|20261105100000', PID(`P${n}`), PV1(`V${n}`, '20261105100000'), 'DG1|1||I10.x00^原发性高血压^ICD10CN|||F'],
  (n) => [HEAD('ADT^A08', `K${n}`), 'EVN|A08|20261106', PID(`P${n}`), PV1(`V${n}`), 'AL1|1|DA|青霉素^青霉素|SV|皮疹', 'ZPV|2^一级护理|""|N007^李护士'],
  (n) => [HEAD('ADT^A13', `K${n}`), 'EVN|A13|20261105110000', PID(`P${n}`), PV1(`V${n}`)],
  (n) => [HEAD('ADT^A40', `K${n}`), 'EVN|A40|20261107', PID(`P${n}`), `MRG|P${n + 1}^^^HIS^MR`],
  (n) => [HEAD('ADT^A45', `K${n}`), 'EVN|A45|20261107', PID(`P${n}`), `MRG|P${n + 1}^^^HIS^MR||||V${n}`, PV1(`V${n}`)],
  (n) => [
    HEAD('ORU^R01', `K${n}`),
    PID(`P${n}`),
    PV1(`V${n}`),
    `ORC|RE|O${n}|F${n}`,
    `OBR|1|O${n}|F${n}|CBC^血常规|||20261102070000|||||||||||||||20261102080000||LAB|F`,
    'OBX|1|NM|WBC^白细胞||15.2|10^9/L|3.5-9.5|H|||F|||20261102070000',
    'OBX|2|NM|K^钾||7.1|mmol/L|3.5-5.3|HH|||F',
    'NTE|1|L|已复核\\.br\\请结合临床',
  ],
  (n) => [HEAD('ORM^O01', `K${n}`), PID(`P${n}`), PV1(`V${n}`), `ORC|NW|O${n}||||||20261102`, 'OBR|1|||CT^胸部CT|||20261102'],
  (n) => [HEAD('SIU^S12', `K${n}`), `SCH|A${n}|A${n}||||复查|||30|min|^^30^20261112090000^20261112093000`, PID(`P${n}`), 'AIS|1||MR^磁共振'],
  (n) => [HEAD('MDM^T02', `K${n}`), 'EVN|T02|20261105', PID(`P${n}`), PV1(`V${n}`), `TXA|1|DS^出院小结|TX|20261105||||||||D${n}|||||AU`, 'OBX|1|TX|||患者恢复良好。'],
  (n) => [HEAD('DFT^P03', `K${n}`), PID(`P${n}`), PV1(`V${n}`), `FT1|1|T${n}||20261102|20261102|CG|001^床位费||||1|80.00`],
  (n) => [HEAD('MFN^M02', `K${n}`), 'MFI|STF^人员|HIS|UPD|20261101|20261101|NE', `MFE|MUP|M${n}|20261101|D${n}`, `STF|D${n}|D${n}|张^医生`],
  (n) => ['FHS|^~\\&|HIS|X', 'BHS|^~\\&|HIS|X', HEAD('ADT^A31', `K${n}`, 'GB18030'), PID(`P${n}`), HEAD('ADT^A28', `L${n}`), PID(`Q${n}`), 'BTS|2', 'FTS|1'],
] // biome-ignore format: a message a line

export const messageOf = (kind: number, n: number): Buffer => Buffer.from(`${(kinds[kind % kinds.length] ?? kinds[0])?.(n).join('\r')}\r`)

/** What nobody here wrote, where it lies on this machine (`RENXIN_SAMPLES`): more shapes to spoil. */
export function sampleMessages(): Buffer[] {
  const root = join(process.env.RENXIN_SAMPLES ?? '', 'hl7')
  if (!process.env.RENXIN_SAMPLES || !existsSync(root)) return []
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && /\.(hl7|bin)$/.test(f.name))
    .map((f) => readFileSync(join(f.parentPath, f.name)))
    .filter((bytes) => bytes.length < 100_000)
}

export const KINDS = kinds.length
