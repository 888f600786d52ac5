/** The database of the imaginary hospital's own system, as whoever makes it hands it over. */
export type HisDatabase = {
  /** How it is read: by a role that may select from its views and nothing else. */
  reader: { host: string; port: number; database: string; username: string }
  /** The role by which it reads what is written back to it. */
  resultsRole: string
  /** Works in it as its owner. */
  run(sql: string, params?: readonly unknown[]): Promise<void>
}

/**
 * Tables as older systems of the kind have them: names in initials of pinyin, codes instead of words. The views are what the hospital opened to us. A
 * discharge stands in its view from the moment at which it happens, so that there is something new to read for two weeks after the demo was made.
 */
export const hisSchema = `
create table ks (ksdm text primary key, ksmc text not null, lb char(1) not null, tybz char(1) not null default '0', gxsj timestamp not null);
create table ry (gh text primary key, xm text not null, rylb text not null, zc text, tybz char(1) not null default '0', gxsj timestamp not null);
create table cy (
  zylsh text primary key, bah text not null, xm text not null, xb char(1) not null, csrq date, ryrq timestamp not null, cyrq timestamp not null,
  ksdm text, ksmc text, bqmc text, cwh text, zgysgh text, zgys text, hljb char(1), icd10 text, zdmc text, lyfs char(1), scbz char(1) not null default '0',
  gxsj timestamp not null);
create table jy (
  bgdh text not null, zylsh text not null, bah text not null, bgmc text not null, xmdm text not null, xmmc text not null, jyjg text not null, dw text,
  ckfw text, ycbz text, cysj timestamp not null, bgsj timestamp not null, shr text, gxsj timestamp not null, primary key (bgdh, xmdm));
create view v_ksbq as select * from ks;
create view v_ryzd as select * from ry;
create view v_cyhz as select * from cy where gxsj <= localtimestamp;
create view v_jyjg as select * from jy where gxsj <= localtimestamp;
`

export const hisViews = ['v_ksbq', 'v_ryzd', 'v_cyhz', 'v_jyjg'] as const

type Column = { column: string }
const columns = (said: Readonly<Record<string, string>>): Record<string, Column> =>
  Object.fromEntries(Object.entries(said).map(([field, column]) => [field, { column }]))

/** What the columns mean: the mapping that an engineer of the hospital would have made. */
export const hisMappings = {
  places: columns({ placeCode: 'ksdm', placeName: 'ksmc', placeKind: 'lb', inactive: 'tybz', updatedAt: 'gxsj' }),
  staff: columns({ staffNumber: 'gh', name: 'xm', job: 'rylb', title: 'zc', inactive: 'tybz', updatedAt: 'gxsj' }),
  discharges: {
    ...columns({
      visitNumber: 'zylsh', recordNumber: 'bah', name: 'xm', sex: 'xb', birthOn: 'csrq', admittedAt: 'ryrq', dischargedAt: 'cyrq', departmentCode: 'ksdm',
      departmentName: 'ksmc', wardName: 'bqmc', bed: 'cwh', attendingNumber: 'zgysgh', attendingName: 'zgys', nursingLevel: 'hljb', diagnosisCode: 'icd10',
      diagnosisName: 'zdmc', disposition: 'lyfs', deleted: 'scbz', updatedAt: 'gxsj',
    }),
    class: { constant: 'inpatient' },
  },
  reports: {
    ...columns({
      reportNumber: 'bgdh', visitNumber: 'zylsh', recordNumber: 'bah', title: 'bgmc', itemCode: 'xmdm', itemName: 'xmmc', itemValue: 'jyjg', itemUnit: 'dw',
      itemRange: 'ckfw', itemFlag: 'ycbz', observedAt: 'cysj', reportedAt: 'bgsj', authorName: 'shr', updatedAt: 'gxsj',
    }),
    kind: { constant: 'laboratory' },
  },
} // biome-ignore format: fields and columns side by side

export const hisCodes = {
  places: { placeKind: { K: 'department' } },
  staff: { job: { 医师: 'doctor', 护士: 'nurse' } },
  discharges: { nursing: { T: '特级', '1': '一级', '2': '二级', '3': '三级' } },
  reports: {},
}
