/** What marks everything of one department or hospital: strings that stand nowhere else. */
export type Mark = {
  word: string
  name: string
  twin: string
  kin: string
  /** Signs that a masked name still shows, and masked numbers. */
  traces: readonly string[]
  phone: string
  kinPhone: string
  identityCard: string
}

/** One name of three signs each; masked it shows the first and the last. */
const markOf = (word: string, signs: string, number: number, identityCard: string): Mark => {
  const [a = '', b = '', c = '', d = '', e = ''] = [...signs]
  const [phone, kinPhone] = [`199${number}${number}`, `198${number}${number}`]
  const masked = (full: string) => `${full.slice(0, 3)}****${full.slice(-4)}`
  return {
    word,
    name: `${a}${b}${c}`,
    twin: `${a}${c}${b}`,
    kin: `${d}${b}${e}`,
    traces: [
      word,
      a,
      b,
      c,
      d,
      e,
      phone,
      kinPhone,
      masked(phone),
      masked(kinPhone),
      identityCard,
      `${identityCard.slice(0, 3)}***********${identityCard.slice(-4)}`,
    ],
    phone,
    kinPhone,
    identityCard,
  }
}

export type Units = {
  departmentId: string
  departmentCode: string
  wardId: string
  wardCode: string
  personId: string
  personNumber: string
}

export const marks = {
  own: markOf('QZOWN', '張偉國建民', 1234, '110101196001020015'),
  department: markOf('QZDEPT', '龘靐齉爨麤', 2345, '110101196001020023'),
  hospital: markOf('QZHOSP', '籲鬱驫犇猋', 3456, '110101196001020031'),
  vip: markOf('QZVIP', '麣灩虪龖齾', 4567, '110101196001020041'),
}

/** Whose objects: one's own department's, another department's of the same hospital, another hospital's, a VIP's of one's own department. */
export type Realm = keyof typeof marks

/** Asks a route by its name, and throws where it is refused. */
export type Ask = (route: string, input: object) => Promise<unknown>

export type Account = { role: string; session: string; may: ReadonlyMap<string, string> }
